namespace Harmony.Dicom.Data;

/// <summary>A sequence of items (VR SQ, PS3.5 §7.5), each a data set of its own.</summary>
/// <param name="tag">Which element it is.</param>
/// <param name="items">The items; none is allowed.</param>
public sealed class DicomSequence(DicomTag tag, IReadOnlyList<DicomDataSet> items) : DicomElement(tag, Vr.SQ)
{
    /// <summary>The items, in their order.</summary>
    public IReadOnlyList<DicomDataSet> Items { get; } = items;

    /// <inheritdoc/>
    public override bool IsEmpty => Items.Count == 0;
}
