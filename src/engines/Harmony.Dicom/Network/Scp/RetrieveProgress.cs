using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>Counts sub-operations.</summary>
internal sealed class RetrieveProgress(int count)
{
    private readonly List<string> _failed = [];
    private int _completed;
    private int _warnings;

    /// <summary>How many are left, as far as that is known.</summary>
    public int Remaining => Math.Max(0, count - _completed - _warnings - _failed.Count);

    /// <summary>What the operation ends with: PS3.4 table C.4-2, C.4-3.</summary>
    public DimseResult Result
    {
        get
        {
            if (_failed.Count == 0 && _warnings == 0) return DimseResult.Success;
            return _completed == 0 && _warnings == 0 ? new DimseResult(DimseStatus.OutOfResourcesSubOperations, "no object could be sent") : DimseStatus.SubOperationsWithFailures;
        }
    }

    public void Add(SopInstance instance, DimseResult result)
    {
        if (result.Status.IsSuccess) _completed++;
        else if (result.Status.IsWarning) _warnings++;
        else _failed.Add(instance.SopInstanceUid);
    }

    public SubOperations Counts(bool withRemaining) => new(withRemaining ? Remaining : null, _completed, _failed.Count, _warnings);

    /// <summary>(0008,0058), the objects that failed; null if none did.</summary>
    public DicomDataSet? FailedList()
        => _failed.Count == 0 ? null : new DicomDataSetBuilder().Set(DicomTag.FailedSOPInstanceUIDList, [.. _failed]).Build();
}
