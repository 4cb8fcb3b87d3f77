namespace Harmony.Dicom.Data;

/// <summary>A value that is not in memory: a large one that stayed in its file, or one that DICOM JSON refers to.</summary>
/// <param name="tag">Which element it is.</param>
/// <param name="vr">The kind of its values.</param>
/// <param name="data">Where the value is.</param>
public sealed class DicomBulkValue(DicomTag tag, Vr vr, BulkData data) : DicomElement(tag, vr)
{
    /// <summary>Where the value is.</summary>
    public BulkData Data { get; } = data;

    /// <inheritdoc/>
    public override bool IsEmpty => Data.Length == 0;
}
