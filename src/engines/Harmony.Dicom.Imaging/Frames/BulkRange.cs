using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Imaging.Frames;

/// <summary>Reads a part of a value that may be in memory, in a file or elsewhere; of a file nothing else is read.</summary>
internal static class BulkRange
{
    /// <summary>Fills a buffer with the bytes from <paramref name="start"/> on.</summary>
    /// <exception cref="ImagingException">The value ends before the buffer is full.</exception>
    /// <exception cref="IOException">The value cannot be read any more.</exception>
    public static async ValueTask ReadAsync(BulkData data, long start, Memory<byte> to, CancellationToken ct)
    {
        if (data.Length is { } length && start + to.Length > length) throw TooShort();
        if (data.TryGetMemory(out var memory))
        {
            memory.Slice((int)start, to.Length).CopyTo(to);
            return;
        }

        var part = data is FileBulkData file ? new FileBulkData(file.Path, file.Offset + start, to.Length) : data;
        await using var stream = await part.OpenAsync(ct);
        if (!ReferenceEquals(part, data)) start = 0;
        try
        {
            await PassOverAsync(stream, start, ct);
            await stream.ReadExactlyAsync(to, ct);
        }
        catch (EndOfStreamException e)
        {
            throw TooShort(e);
        }
    }

    /// <summary>Makes words of big endian data little endian.</summary>
    public static void SwapWords(Span<byte> bytes, int wordSize)
    {
        switch (wordSize)
        {
            case 2:
                var words = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(words, words);
                break;
            case 4:
                var longs = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
            case 8:
                var quads = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(quads, quads);
                break;
            default:
                break;
        }
    }

    private static ImagingException TooShort(Exception? cause = null) => ImagingException.Corrupt("the pixel data end before the frame does", cause);

    private static async ValueTask PassOverAsync(Stream stream, long count, CancellationToken ct)
    {
        if (count == 0) return;
        var buffer = new byte[(int)Math.Min(count, 64 * 1024)];
        for (; count > 0; count -= Math.Min(count, buffer.Length)) await stream.ReadExactlyAsync(buffer.AsMemory(0, (int)Math.Min(count, buffer.Length)), ct);
    }
}
