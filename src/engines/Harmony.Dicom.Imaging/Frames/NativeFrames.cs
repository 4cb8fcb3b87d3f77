using Harmony.Dicom.Data;

namespace Harmony.Dicom.Imaging.Frames;

/// <summary>Where the frames of an object are, and how they are read, each alone.</summary>
internal interface IFrameSource
{
    /// <summary>How many frames there are.</summary>
    int Count { get; }

    /// <summary>Reads a frame as it is stored, words in little endian order.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="ct">Ends the reading.</param>
    ValueTask<byte[]> ReadAsync(int index, CancellationToken ct);
}

/// <summary>
/// Frames that are not compressed follow each other without a gap (PS3.5 §8.1.1): those of one bit a sample may begin within a byte. A frame is handed out
/// from its first bit on.
/// </summary>
internal sealed class NativeFrames : IFrameSource
{
    private readonly BulkData _data;
    private readonly long _frameBits;
    private readonly int _swap;

    /// <param name="format">How large frames are.</param>
    /// <param name="data">All of them.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="swap">The size of words that are big endian, in bytes; 1: none are.</param>
    public NativeFrames(PixelFormat format, BulkData data, int count, int swap)
    {
        (_data, Count, _swap) = (data, count, swap);
        IsSubsampled = NativeSamples.CanBeSubsampled(format) && data.Length is { } length && length < format.FrameLength * count;
        _frameBits = IsSubsampled ? NativeSamples.SubsampledLength(format) * 8 : format.PixelCount * format.Samples * format.BitsAllocated;
    }

    public int Count { get; }

    /// <summary>Whether there is one pair of colour differences for two pixels. Many objects that say so have one for each: their length tells.</summary>
    public bool IsSubsampled { get; }

    /// <summary>Whether the pixel data end within a frame: devices and programs write too few bytes, and viewers show what there is.</summary>
    public bool IsCutOff(int index) => _data.Length is { } length && length * 8 > index * _frameBits && length * 8 < (index + 1) * _frameBits;

    /// <summary>Reads a frame. What is missing of one that is cut off is zeros.</summary>
    public async ValueTask<byte[]> ReadAsync(int index, CancellationToken ct)
    {
        var firstBit = index * _frameBits;
        var (start, end) = (firstBit / 8, (firstBit + _frameBits + 7) / 8);
        if (IsCutOff(index))
        {
            var whole = new byte[(int)((_frameBits + 7) / 8)];
            var there = (int)(_data.Length!.Value - start) / _swap * _swap;
            await BulkRange.ReadAsync(_data, start, whole.AsMemory(0, there), ct);
            if (_swap > 1) BulkRange.SwapWords(whole.AsSpan(0, there), _swap);
            return firstBit % 8 == 0 ? whole : Shifted(whole, (int)(firstBit % 8));
        }

        // Words that are swapped are read whole.
        var (from, to) = (start / _swap * _swap, (end + _swap - 1) / _swap * _swap);
        if (_data.Length is { } length && to > length && end <= length) to = end;
        var bytes = GC.AllocateUninitializedArray<byte>((int)(to - from));
        await BulkRange.ReadAsync(_data, from, bytes, ct);
        if (_swap > 1) BulkRange.SwapWords(bytes.AsSpan(0, bytes.Length / _swap * _swap), _swap);
        var skipped = (int)(start - from);
        if (skipped > 0 || end < to) bytes = bytes.AsSpan(skipped, (int)(end - start)).ToArray();
        return firstBit % 8 == 0 ? bytes : Shifted(bytes, (int)(firstBit % 8));
    }

    /// <summary>Moves bits down so that the frame begins with a byte.</summary>
    private byte[] Shifted(byte[] bytes, int by)
    {
        var moved = new byte[(int)((_frameBits + 7) / 8)];
        for (var i = 0; i < moved.Length; i++)
        {
            var next = i + 1 < bytes.Length ? bytes[i + 1] : 0;
            moved[i] = (byte)((bytes[i] >> by) | (next << (8 - by)));
        }

        return moved;
    }
}
