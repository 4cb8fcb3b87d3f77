using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Harmony.Dicom.Data;

/// <summary>
/// A data element (PS3.5 §7.1): a <see cref="DicomValue"/>, a <see cref="DicomSequence"/>, <see cref="DicomFragments"/>, or a
/// <see cref="DicomBulkValue"/> that was left where it is. Elements do not change.
/// </summary>
public abstract class DicomElement
{
    private protected DicomElement(DicomTag tag, Vr vr) => (Tag, Vr) = (tag, vr);

    /// <summary>Which element it is.</summary>
    public DicomTag Tag { get; }

    /// <summary>The kind of its values.</summary>
    public Vr Vr { get; }

    /// <summary>Whether there is no value: in queries a key to return, elsewhere "unknown".</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>Tag and VR, no value: values may be about patients.</summary>
    public override string ToString() => $"{Tag} {Vr.ToLetters()}";
}

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

/// <summary>Encapsulated pixel data (PS3.5 §A.4): a basic offset table, and the compressed frames in one or more fragments each.</summary>
/// <param name="tag">Which element it is: (7FE0,0010).</param>
/// <param name="vr">OB, rarely OW.</param>
/// <param name="basicOffsetTable">For each frame the distance of its first fragment's item from the first of all, in bytes; may be empty.</param>
/// <param name="fragments">The fragments, without the offset table's item.</param>
public sealed class DicomFragments(DicomTag tag, Vr vr, IReadOnlyList<uint> basicOffsetTable, IReadOnlyList<BulkData> fragments) : DicomElement(tag, vr)
{
    /// <summary>For each frame the distance of its first fragment's item from the first of all, in bytes; often empty.</summary>
    public IReadOnlyList<uint> BasicOffsetTable { get; } = basicOffsetTable;

    /// <summary>The fragments, without the offset table's item.</summary>
    public IReadOnlyList<BulkData> Fragments { get; } = fragments;

    /// <inheritdoc/>
    public override bool IsEmpty => Fragments.Count == 0;

    /// <summary>
    /// Which fragments make up each frame: by the extended offset table (7FE0,0001) of the data set if it has one, by the basic one, or else by
    /// the number of frames, if that tells: one fragment each, or all of them for a single frame.
    /// </summary>
    /// <param name="dataSet">The data set this element is of.</param>
    /// <returns>A range of <see cref="Fragments"/> for each frame; null if frames cannot be told apart without decoding, or a table is wrong.</returns>
    public IReadOnlyList<Range>? Frames(DicomDataSet dataSet)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        var offsets = dataSet.TryGet<DicomValue>(DicomTag.ExtendedOffsetTable, out var extended) && !extended.IsEmpty
            ? MemoryMarshal.ToEnumerable(extended.Bytes).Chunk(8).Where(c => c.Length == 8).Select(c => BinaryPrimitives.ReadUInt64LittleEndian(c)).ToArray()
            : [.. BasicOffsetTable.Select(o => (ulong)o)];
        if (offsets.Length > 0) return ByOffsets(offsets);
        var frames = dataSet.GetInt32(DicomTag.NumberOfFrames) ?? 1;
        if (frames == 1) return [Range.EndAt(Fragments.Count)];
        return frames == Fragments.Count ? [.. Enumerable.Range(0, frames).Select(i => new Range(i, i + 1))] : null;
    }

    private Range[]? ByOffsets(ulong[] offsets)
    {
        const int ItemHeader = 8;
        var starts = new Dictionary<ulong, int>(Fragments.Count);
        var position = 0UL;
        for (var i = 0; i < Fragments.Count; i++)
        {
            starts[position] = i;
            position += ItemHeader + (ulong)(Fragments[i].Length ?? 0);
        }

        var frames = new Range[offsets.Length];
        for (var i = 0; i < offsets.Length; i++)
        {
            var end = Fragments.Count;
            if (!starts.TryGetValue(offsets[i], out var start) || (i + 1 < offsets.Length && !starts.TryGetValue(offsets[i + 1], out end)) || end <= start)
                return null;
            frames[i] = start..end;
        }

        return frames;
    }
}
