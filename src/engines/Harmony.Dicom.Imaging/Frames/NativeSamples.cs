using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Harmony.Dicom.Imaging.Frames;

/// <summary>Samples that are not compressed, brought into the order of a <see cref="FrameImage"/>: PS3.5 §8, annex D.</summary>
internal static class NativeSamples
{
    /// <summary>Whether pixels may share their colour differences (PS3.3 §C.7.6.3.1.2).</summary>
    public static bool CanBeSubsampled(PixelFormat format)
        => format is { Photometric: PhotometricInterpretation.YbrFull422 or PhotometricInterpretation.YbrPartial422, BitsAllocated: 8, IsPlanar: false };

    /// <summary>The bytes of a frame whose pixels share colour differences in pairs.</summary>
    public static long SubsampledLength(PixelFormat format) => (long)format.Rows * ((format.Columns + 1) / 2) * 4;

    /// <summary>Makes a frame of the stored bytes.</summary>
    /// <exception cref="ImagingException">There are too few.</exception>
    public static FrameImage Decode(PixelFormat format, byte[] stored, bool isSubsampled)
    {
        if (isSubsampled) return Expand422(format, stored);
        var needed = ((format.PixelCount * format.Samples * format.BitsAllocated) + 7) / 8;
        if (stored.Length < needed) throw ImagingException.Corrupt($"a frame has {stored.Length} bytes, it needs {needed}");
        var decoded = format.IsPlanar ? format with { IsPlanar = false } : format;
        if (format.BitsAllocated != format.BytesPerSample * 8) stored = Unpack(format, stored);
        else if (stored.Length > needed) stored = stored.AsSpan(0, (int)needed).ToArray();
        return new FrameImage(decoded, format.IsPlanar ? Interleave(stored, format.BytesPerSample) : stored);
    }

    /// <summary>Three planes to three samples for each pixel.</summary>
    public static byte[] Interleave(ReadOnlySpan<byte> planes, int size)
    {
        var interleaved = GC.AllocateUninitializedArray<byte>(planes.Length);
        var plane = planes.Length / 3;
        for (var sample = 0; sample < 3; sample++)
        {
            var source = planes.Slice(sample * plane, plane);
            if (size == 1)
            {
                for (int i = 0, to = sample; i < source.Length; i++, to += 3) interleaved[to] = source[i];
                continue;
            }

            for (int i = 0, to = sample * size; i < source.Length; i += size, to += 3 * size) source.Slice(i, size).CopyTo(interleaved.AsSpan(to));
        }

        return interleaved;
    }

    /// <summary>Samples of 1 or 12 bits and others that are no whole bytes: the first in the least significant bits (PS3.5 §8.1.1).</summary>
    private static byte[] Unpack(PixelFormat format, ReadOnlySpan<byte> packed)
    {
        var count = (int)(format.PixelCount * format.Samples);
        var unpacked = new byte[(int)format.FrameLength];
        if (format.BitsAllocated == 1)
        {
            for (var i = 0; i < count; i++) unpacked[i] = (byte)((packed[i >> 3] >> (i & 7)) & 1);
            return unpacked;
        }

        var (bits, size) = (format.BitsAllocated, format.BytesPerSample);
        Span<byte> word = stackalloc byte[16];
        var position = 0L;
        for (var i = 0; i < count; i++, position += bits)
        {
            var first = (int)(position >> 3);
            word.Clear();
            packed.Slice(first, Math.Min(9, packed.Length - first)).CopyTo(word);
            var value = (ulong)(BinaryPrimitives.ReadUInt128LittleEndian(word) >> (int)(position & 7)) & ((1UL << bits) - 1);
            for (var b = 0; b < size; b++) unpacked[(i * size) + b] = (byte)(value >> (8 * b));
        }

        return unpacked;
    }

    private static FrameImage Expand422(PixelFormat format, ReadOnlySpan<byte> pairs)
    {
        var pairsOfRow = (format.Columns + 1) / 2;
        if (pairs.Length < SubsampledLength(format)) throw ImagingException.Corrupt($"a frame has {pairs.Length} bytes, it needs {SubsampledLength(format)}");
        var samples = GC.AllocateUninitializedArray<byte>((int)format.FrameLength);
        var to = 0;
        for (var row = 0; row < format.Rows; row++)
        {
            var line = pairs.Slice(row * pairsOfRow * 4, pairsOfRow * 4);
            for (var column = 0; column < format.Columns; column++, to += 3)
            {
                var pair = line.Slice(column / 2 * 4, 4);
                samples[to] = pair[column & 1];
                samples[to + 1] = pair[2];
                samples[to + 2] = pair[3];
            }
        }

        return new FrameImage(format, samples);
    }

    /// <summary>The bytes as they would be stored: little endian, samples beside each other, bits packed.</summary>
    public static byte[] Store(FrameImage image)
    {
        var format = image.Format;
        if (format.BitsAllocated != 1) return image.Bytes;
        var packed = new byte[(int)((format.PixelCount + 7) / 8)];
        for (var i = 0; i < image.Bytes.Length; i++) packed[i >> 3] |= (byte)((image.Bytes[i] & 1) << (i & 7));
        return packed;
    }

    /// <summary>The samples as words of 16 bits.</summary>
    public static Span<ushort> Words(byte[] samples) => MemoryMarshal.Cast<byte, ushort>(samples.AsSpan());
}
