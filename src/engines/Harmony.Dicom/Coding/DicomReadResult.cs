using Harmony.Dicom.Data;

namespace Harmony.Dicom.Coding;

/// <summary>What was read.</summary>
/// <param name="DataSet">The elements.</param>
/// <param name="Warnings">The first hundred things that are not as the standard wants them.</param>
/// <param name="StoppedBefore">The tag of the element that <see cref="DicomReadOptions.StopBefore"/> stopped reading at; null if all was read.</param>
/// <param name="Length">How many bytes the elements took, in a deflated data set inflated.</param>
public sealed record DicomReadResult(DicomDataSet DataSet, IReadOnlyList<DicomWarning> Warnings, DicomTag? StoppedBefore, long Length)
{
    /// <summary>Why the rest could not be read, if <see cref="DicomReadOptions.KeepsWhatWasRead"/> is set; null if all was.</summary>
    public DicomFormatException? Error { get; init; }
}
