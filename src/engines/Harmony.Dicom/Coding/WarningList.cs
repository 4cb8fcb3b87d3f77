using Harmony.Dicom.Data;

namespace Harmony.Dicom.Coding;

/// <summary>The first warnings. The rest are not kept: there may be one for every element.</summary>
internal sealed class WarningList
{
    private const int Max = 100;
    private readonly List<DicomWarning> _warnings = [];

    public IReadOnlyList<DicomWarning> Warnings => _warnings;

    public void Add(DicomWarningKind kind, DicomTag tag, long position)
    {
        if (_warnings.Count < Max) _warnings.Add(new DicomWarning(kind, tag, position));
    }
}
