using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Data;
using Harmony.Dicom.Files;

namespace Harmony.Dicom.Web.Objects;

/// <summary>
/// Where the frames of an object are (PS3.3 §C.7.6.3, PS3.5 §8 and annex A). Knows places only: what is opened comes from the file. Safe for
/// concurrent use as long as the file stays as it is.
/// </summary>
public sealed class InstanceFrames
{
    private readonly DicomElement _pixels;
    private readonly long _frameBits;
    private readonly IReadOnlyList<Range>? _ranges;

    private InstanceFrames(DicomElement pixels, TransferSyntax syntax, int count, long frameBits, IReadOnlyList<Range>? ranges)
        => (_pixels, Syntax, Count, _frameBits, _ranges) = (pixels, syntax, count, frameBits, ranges);

    /// <summary>How they are encoded. Of those that are not compressed it only tells that: they are always little endian here.</summary>
    public TransferSyntax Syntax { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Finds the frames of an object.</summary>
    /// <param name="file">The object, read with its pixel data left in the file or in memory.</param>
    /// <param name="ct">Ends looking for where frames begin.</param>
    /// <returns>Null where it has no pixel data.</returns>
    /// <exception cref="DicomFramesException">Its pixel data are not what its attributes say, or its frames cannot be told apart.</exception>
    public static async ValueTask<InstanceFrames?> FindAsync(DicomFile file, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(file);
        var dataSet = file.DataSet;
        if (!dataSet.TryGet(DicomTag.PixelData, out var pixels) && !dataSet.TryGet(DicomTag.FloatPixelData, out pixels)
            && !dataSet.TryGet(DicomTag.DoubleFloatPixelData, out pixels))
        {
            return null;
        }

        if (pixels is DicomFragments fragments)
        {
            var ranges = fragments.Frames(dataSet) ?? await FrameStarts.FindAsync(fragments, dataSet.GetInt32(DicomTag.NumberOfFrames) ?? 1, ct)
                ?? throw new DicomFramesException(
                    "the frames of the object cannot be told apart: it has no offset table, and more than one fragment for each frame");
            return new InstanceFrames(pixels, file.TransferSyntax, ranges.Count, 0, ranges);
        }

        var count = Math.Max(1, dataSet.GetInt32(DicomTag.NumberOfFrames) ?? 1);
        var bits = BitsOf(dataSet);
        var length = BulkValues.LengthOf(pixels) ?? 0;
        if (bits <= 0 || bits > long.MaxValue / count || ((bits * count) + 7) / 8 > length)
        {
            throw new DicomFramesException("the pixel data of the object are shorter than its rows, columns and frames say");
        }

        return new InstanceFrames(pixels, TransferSyntax.ExplicitVRLittleEndian, count, bits, null);
    }

    /// <summary>Length of a frame in bytes.</summary>
    /// <param name="number">Number of the frame, 1 to <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no frame of that number.</exception>
    public long LengthOf(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, Count);
        return _ranges is null ? (_frameBits + 7) / 8 : FragmentsOf(number).Sum(f => f.Length ?? 0);
    }

    /// <summary>Opens a frame. The caller disposes the stream.</summary>
    /// <param name="number">Number of the frame, 1 to <see cref="Count"/>.</param>
    /// <param name="ct">Cancels the opening.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no frame of that number.</exception>
    /// <exception cref="IOException">The frame can no longer be read.</exception>
    public async ValueTask<Stream> OpenAsync(int number, CancellationToken ct)
    {
        var length = LengthOf(number);
        if (_ranges is not null) return new JoinedStream(FragmentsOf(number));
        var start = _frameBits * (number - 1);
        if (_frameBits % 8 != 0 && start % 8 != 0) return await ShiftedAsync(start, length, ct);
        var all = PiecesOf(start / 8, length);
        return all.IsBigEndian && WordSize > 1 ? new SwappedStream(await all.OpenAsync(ct), WordSize) : await all.OpenAsync(ct);
    }

    private int WordSize => _pixels.Vr.WordSize();

    private BulkData[] FragmentsOf(int number)
    {
        var (from, count) = _ranges![number - 1].GetOffsetAndLength(((DicomFragments)_pixels).Fragments.Count);
        return [.. ((DicomFragments)_pixels).Fragments.Skip(from).Take(count)];
    }

    private BulkData PiecesOf(long start, long length) => _pixels switch
    {
        DicomValue value => new MemoryBulkData(value.Bytes.Slice((int)start, (int)length)),
        DicomBulkValue { Data: FileBulkData inFile } => new FileBulkData(inFile.Path, inFile.Offset + start, length, inFile.IsBigEndian),
        DicomBulkValue { Data: var data } when data.TryGetMemory(out var bytes) => new MemoryBulkData(bytes.Slice((int)start, (int)length)),
        _ => throw new InvalidOperationException("pixel data that are neither in memory nor in a file have no frames"),
    };

    /// <summary>A frame of single bits that begins within a byte (PS3.5 §8.1.1): its bits are moved to the beginning of one.</summary>
    private async ValueTask<Stream> ShiftedAsync(long startBit, long length, CancellationToken ct)
    {
        var (first, shift) = (startBit / 8, (int)(startBit % 8));
        var last = (startBit + _frameBits - 1) / 8;
        await using var source = await PiecesOf(first, last - first + 1).OpenAsync(ct);
        var bytes = new byte[last - first + 2];
        await source.ReadExactlyAsync(bytes.AsMemory(0, bytes.Length - 1), ct);
        var shifted = new byte[length];
        for (var i = 0; i < shifted.Length; i++) shifted[i] = (byte)((bytes[i] >> shift) | (bytes[i + 1] << (8 - shift)));
        var spare = (int)((length * 8) - _frameBits);
        if (spare > 0) shifted[^1] &= (byte)(0xFF >> spare);
        return new MemoryStream(shifted, writable: false);
    }

    private static long BitsOf(DicomDataSet dataSet)
    {
        long rows = dataSet.GetInt32(DicomTag.Rows) ?? 0, columns = dataSet.GetInt32(DicomTag.Columns) ?? 0;
        long samples = dataSet.GetInt32(DicomTag.SamplesPerPixel) ?? 1, allocated = dataSet.GetInt32(DicomTag.BitsAllocated) ?? 0;
        if (rows is < 0 or > 65535 || columns is < 0 or > 65535 || samples is < 0 or > 65535 || allocated is < 0 or > 64) return 0;
        // Of four pixels with a row, one in two has colour: PS3.3 §C.7.6.3.1.2.
        return dataSet.GetString(DicomTag.PhotometricInterpretation) == "YBR_FULL_422" ? rows * columns * 2 * allocated : rows * columns * samples * allocated;
    }
}

/// <summary>Tells frames apart that have no offset table, by how a compressed image begins.</summary>
internal static class FrameStarts
{
    /// <returns>Null where the fragments do not tell.</returns>
    public static async ValueTask<IReadOnlyList<Range>?> FindAsync(DicomFragments fragments, int count, CancellationToken ct)
    {
        var starts = new List<int>();
        for (var i = 0; i < fragments.Fragments.Count; i++)
        {
            if (await IsStartAsync(fragments.Fragments[i], ct)) starts.Add(i);
        }

        if (starts.Count != count || starts is not [0, ..]) return null;
        return [.. starts.Select((start, i) => new Range(start, i + 1 < starts.Count ? starts[i + 1] : fragments.Fragments.Count))];
    }

    /// <summary>The start of image of JPEG and JPEG-LS (ISO 10918-1 §B.1.1.3), and the start of codestream of JPEG 2000 (ISO 15444-1 §A.4.1).</summary>
    private static async ValueTask<bool> IsStartAsync(BulkData fragment, CancellationToken ct)
    {
        var bytes = new byte[4];
        await using var stream = await fragment.OpenAsync(ct);
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        return read == bytes.Length && bytes is [0xFF, 0xD8, 0xFF, _] or [0xFF, 0x4F, 0xFF, 0x51];
    }
}

/// <summary>The frames of an object cannot be found.</summary>
/// <param name="message">Why; shows no values.</param>
public sealed class DicomFramesException(string message) : Exception(message);
