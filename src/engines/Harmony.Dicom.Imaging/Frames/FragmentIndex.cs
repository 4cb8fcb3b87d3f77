using System.Buffers.Binary;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Imaging.Frames;

/// <summary>Which fragments each frame consists of.</summary>
internal sealed class FragmentIndex
{
    private const int ItemHeader = 8;
    private readonly int[] _starts;
    private readonly int _end;

    private FragmentIndex(int[] starts, int end, bool isRebuilt) => (_starts, _end, IsRebuilt) = (starts, end, isRebuilt);

    /// <summary>Whether it was made from what fragments begin with, not from a table.</summary>
    public bool IsRebuilt { get; }

    /// <summary>The fragments of a frame, from 0.</summary>
    public Range Fragments(int frame) => _starts[frame]..(frame + 1 < _starts.Length ? _starts[frame + 1] : _end);

    /// <summary>By the extended offset table (7FE0,0001), the basic one, or the number of frames where that says it all.</summary>
    /// <returns>Null if tables are missing or wrong and the number does not tell.</returns>
    public static FragmentIndex? ByTables(DicomFragments fragments, DicomDataSet dataSet, int frames)
    {
        var number = fragments.Fragments.Count;
        if (number < frames) throw ImagingException.Corrupt($"{frames} frames are in {number} fragments: at least one is missing");
        if (frames == 1) return new FragmentIndex([0], number, isRebuilt: false);
        if (frames == number) return new FragmentIndex([.. Enumerable.Range(0, frames)], number, isRebuilt: false);
        if (dataSet.TryGet<DicomValue>(DicomTag.ExtendedOffsetTable, out var table) && table.Bytes.Length == 8L * frames)
        {
            var offsets = new ulong[frames];
            for (var i = 0; i < frames; i++) offsets[i] = BinaryPrimitives.ReadUInt64LittleEndian(table.Bytes.Span[(8 * i)..]);
            if (ByOffsets(fragments, offsets) is { } extended) return extended;
        }

        if (fragments.BasicOffsetTable.Count != frames) return null;
        var basic = new ulong[frames];
        for (var i = 0; i < frames; i++) basic[i] = fragments.BasicOffsetTable[i];
        return ByOffsets(fragments, basic);
    }

    /// <summary>By what fragments begin with, or what the ones before them end with.</summary>
    /// <returns>Null if that gives another number of frames.</returns>
    public static async ValueTask<FragmentIndex?> RebuildAsync(DicomFragments fragments, int frames, CodeStreamStart kind, CancellationToken ct)
    {
        if (kind == CodeStreamStart.Unknown) return null;
        var starts = new List<int>(frames);
        var first = new byte[CodeStreamStarts.Length];
        for (var i = 0; i < fragments.Fragments.Count && starts.Count <= frames; i++)
        {
            var fragment = fragments.Fragments[i];
            if (fragment.Length is not >= CodeStreamStarts.Length) continue;
            await BulkRange.ReadAsync(fragment, 0, first, ct);
            if (kind.IsStart(first)) starts.Add(i);
        }

        return starts.Count == frames && starts[0] == 0 ? new FragmentIndex([.. starts], fragments.Fragments.Count, isRebuilt: true) : null;
    }

    private static FragmentIndex? ByOffsets(DicomFragments fragments, ulong[] offsets)
    {
        var starts = new int[offsets.Length];
        var (frame, position) = (0, 0UL);
        for (var i = 0; i < fragments.Fragments.Count && frame < offsets.Length; i++)
        {
            if (offsets[frame] == position) starts[frame++] = i;
            position += ItemHeader + (ulong)(fragments.Fragments[i].Length ?? 0);
        }

        return frame == offsets.Length && starts[0] == 0 ? new FragmentIndex(starts, fragments.Fragments.Count, isRebuilt: false) : null;
    }
}

/// <summary>What compressed frames begin and end with: how a frame is recognised where no table tells.</summary>
internal enum CodeStreamStart
{
    /// <summary>Nothing: any bytes.</summary>
    Unknown,

    /// <summary>SOI of JPEG and JPEG-LS: FF D8.</summary>
    Jpeg,

    /// <summary>SOC and SIZ of JPEG 2000: FF 4F FF 51; or the box of a JP2 file, which some devices store.</summary>
    Jpeg2000,

    /// <summary>The header of RLE (PS3.5 §G.5): 1 to 15 segments, of which the first begins behind it.</summary>
    Rle,
}

internal static class CodeStreamStarts
{
    /// <summary>Bytes to read for <see cref="IsStart"/>.</summary>
    public const int Length = 8;

    public static bool IsStart(this CodeStreamStart kind, ReadOnlySpan<byte> bytes) => kind switch
    {
        CodeStreamStart.Jpeg => bytes is [0xFF, 0xD8, 0xFF, ..],
        CodeStreamStart.Jpeg2000 => bytes is [0xFF, 0x4F, 0xFF, 0x51, ..] or [0, 0, 0, 0x0C, 0x6A, 0x50, ..],
        CodeStreamStart.Rle => bytes is [>= 1 and <= 15, 0, 0, 0, 64, 0, 0, 0, ..],
        _ => false,
    };
}
