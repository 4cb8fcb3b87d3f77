using System.Buffers.Binary;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Coding;

/// <summary>
/// Offset tables of encapsulated pixel data as they have to be when fragments are padded to an even length. Fragments that were read with an odd
/// length are each one byte longer when they are written, so what follows them begins later.
/// </summary>
internal static class OffsetTables
{
    /// <summary>The basic offset table (PS3.5 §A.4) of fragments that are padded.</summary>
    public static IReadOnlyList<uint> Basic(DicomFragments fragments)
    {
        if (fragments.BasicOffsetTable.Count == 0 || MovedStarts(fragments) is not { } starts) return fragments.BasicOffsetTable;
        var moved = new uint[fragments.BasicOffsetTable.Count];
        for (var i = 0; i < moved.Length; i++)
        {
            if (!starts.TryGetValue(fragments.BasicOffsetTable[i], out var start) || start > uint.MaxValue) return fragments.BasicOffsetTable;
            moved[i] = (uint)start;
        }

        return moved;
    }

    /// <summary>The extended offset table (7FE0,0001), PS3.3 §C.7.6.3.1.8, of fragments that are padded.</summary>
    public static DicomValue Extended(DicomValue table, DicomFragments fragments)
    {
        const int Size = sizeof(ulong);
        if (table.Bytes.Length % Size != 0 || MovedStarts(fragments) is not { } starts) return table;
        var moved = table.Bytes.ToArray();
        for (var at = 0; at < moved.Length; at += Size)
        {
            if (!starts.TryGetValue(BinaryPrimitives.ReadUInt64LittleEndian(moved.AsSpan(at)), out var start)) return table;
            BinaryPrimitives.WriteUInt64LittleEndian(moved.AsSpan(at), start);
        }

        return new DicomValue(table.Tag, table.Vr, moved);
    }

    /// <summary>
    /// Where each fragment's item begins when all are padded, by where it begins as they are; null if none has an odd length. An offset that is
    /// not in it is either wrong or was computed for padded fragments: the table that has it is written as it is.
    /// </summary>
    private static Dictionary<ulong, ulong>? MovedStarts(DicomFragments fragments)
    {
        if (!fragments.Fragments.Any(f => (f.Length & 1) == 1)) return null;
        var starts = new Dictionary<ulong, ulong>(fragments.Fragments.Count);
        var (before, after) = (0UL, 0UL);
        foreach (var fragment in fragments.Fragments)
        {
            starts[before] = after;
            var length = EncodedLength.Of(fragment);
            before += HeaderReader.ShortSize + (ulong)length;
            after += HeaderReader.ShortSize + (ulong)EncodedLength.Even(length);
        }

        return starts;
    }
}
