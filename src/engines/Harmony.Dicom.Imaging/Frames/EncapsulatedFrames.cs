using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Imaging.Frames;

/// <summary>
/// Compressed frames, each in one or more fragments (PS3.5 §A.4). Tables of offsets are checked, and rebuilt from the fragments where they are missing or
/// wrong.
/// </summary>
/// <param name="fragments">The pixel data element.</param>
/// <param name="dataSet">The data set it is of.</param>
/// <param name="count">How many frames there are.</param>
/// <param name="start">What frames begin with.</param>
/// <param name="limits">How long a compressed frame may be.</param>
internal sealed class EncapsulatedFrames(DicomFragments fragments, DicomDataSet dataSet, int count, CodeStreamStart start, ImageLimits limits) : IFrameSource
{
    private FragmentIndex? _index;

    public int Count => count;

    public async ValueTask<byte[]> ReadAsync(int index, CancellationToken ct)
    {
        var known = _index ??= FragmentIndex.ByTables(fragments, dataSet, count);
        if (known is not null)
        {
            var frame = await ReadAsync(known.Fragments(index), ct);
            // A table can be well formed and wrong: then a frame begins where none does.
            if (start == CodeStreamStart.Unknown || known.IsRebuilt || start.IsStart(frame)) return frame;
        }

        var rebuilt = await FragmentIndex.RebuildAsync(fragments, count, start, ct);
        if (rebuilt is null && known is null)
        {
            throw ImagingException.Corrupt($"{count} frames are in {fragments.Fragments.Count} fragments, and no offset table tells which are whose");
        }

        _index = rebuilt ?? known!;
        return await ReadAsync(_index.Fragments(index), ct);
    }

    private async ValueTask<byte[]> ReadAsync(Range range, CancellationToken ct)
    {
        var (first, number) = range.GetOffsetAndLength(fragments.Fragments.Count);
        var length = 0L;
        for (var i = first; i < first + number; i++) length += fragments.Fragments[i].Length ?? 0;
        if (length > limits.MaxCodeStreamLength)
            throw new ImagingException(ImagingErrorKind.TooLarge, $"a compressed frame has {length} bytes, more than the limits allow");
        var bytes = GC.AllocateUninitializedArray<byte>((int)length);
        var at = 0;
        for (var i = first; i < first + number; i++)
        {
            var fragment = fragments.Fragments[i];
            var size = (int)(fragment.Length ?? 0);
            await BulkRange.ReadAsync(fragment, 0, bytes.AsMemory(at, size), ct);
            at += size;
        }

        return bytes;
    }
}

/// <summary>Frames of a video are in one bit stream and cannot be read one by one.</summary>
internal sealed class VideoFrames(int count, TransferSyntax syntax) : IFrameSource
{
    public int Count => count;

    public ValueTask<byte[]> ReadAsync(int index, CancellationToken ct)
        => throw new ImagingException(ImagingErrorKind.Unsupported, $"{syntax.Keyword} {syntax.Uid} is a video: it is passed on as it is, not by frames");
}
