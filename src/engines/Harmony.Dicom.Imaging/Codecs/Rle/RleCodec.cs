using System.Buffers.Binary;

namespace Harmony.Dicom.Imaging.Codecs.Rle;

/// <summary>RLE (PS3.5 annex G): for each byte of a sample, from the most significant, a plane of its own that is compressed by PackBits.</summary>
internal static class RleCodec
{
    private const int HeaderLength = 64;
    private const int MaxSegments = 15;

    /// <summary>Decodes a frame.</summary>
    /// <exception cref="ImagingException">Corrupt: segments are missing, outside of the frame, or too short.</exception>
    public static byte[] Decode(PixelFormat format, ReadOnlySpan<byte> bytes)
    {
        var expected = format.Samples * format.BytesPerSample;
        if (bytes.Length < HeaderLength) throw ImagingException.Corrupt("an RLE frame is shorter than its header");
        var count = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (count != expected)
            throw ImagingException.Corrupt($"an RLE frame has {count} segments; {format.Samples} samples of {format.BitsAllocated} bits need {expected}");
        var samples = new byte[(int)format.FrameLength];
        for (var segment = 0; segment < expected; segment++)
        {
            var start = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 + (4 * segment))..]);
            var end = segment + 1 < expected ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[(8 + (4 * segment))..]) : (uint)bytes.Length;
            if (start < HeaderLength || start > bytes.Length) throw ImagingException.Corrupt($"segment {segment + 1} of an RLE frame begins outside of it");
            if (end < start || end > bytes.Length) end = (uint)bytes.Length;
            var (sample, place) = (segment / format.BytesPerSample, format.BytesPerSample - 1 - (segment % format.BytesPerSample));
            Unpack(bytes[(int)start..(int)end], samples, (sample * format.BytesPerSample) + place, expected, segment);
        }

        return samples;
    }

    private static void Unpack(ReadOnlySpan<byte> packed, byte[] to, int at, int step, int segment)
    {
        var from = 0;
        while (at < to.Length)
        {
            if (from >= packed.Length) throw ImagingException.Corrupt($"segment {segment + 1} of an RLE frame is too short");
            var control = (sbyte)packed[from++];
            if (control == -128) continue;
            if (control >= 0)
            {
                var length = Math.Min(control + 1, packed.Length - from);
                var literal = packed.Slice(from, length);
                from += length;
                foreach (var value in literal)
                {
                    if (at >= to.Length) break;
                    to[at] = value;
                    at += step;
                }

                continue;
            }

            if (from >= packed.Length) throw ImagingException.Corrupt($"segment {segment + 1} of an RLE frame is too short");
            var repeated = packed[from++];
            for (var i = 0; i < 1 - control && at < to.Length; i++, at += step) to[at] = repeated;
        }
    }

    /// <summary>Encodes a frame. Rows are packed each by itself (§G.3.1).</summary>
    /// <exception cref="ImagingException">Unsupported: samples of more bytes than there may be segments.</exception>
    public static byte[] Encode(FrameImage image)
    {
        var format = image.Format;
        var count = format.Samples * format.BytesPerSample;
        if (count > MaxSegments) throw new ImagingException(
            ImagingErrorKind.Unsupported, $"RLE has at most {MaxSegments} segments; {format.Samples} samples of {format.BitsAllocated} bits need {count}");
        using var output = new MemoryStream(HeaderLength + (image.Bytes.Length / 2));
        output.SetLength(HeaderLength);
        output.Position = HeaderLength;
        var header = new byte[HeaderLength];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)count);
        var row = new byte[format.Columns];
        for (var segment = 0; segment < count; segment++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4 + (4 * segment)), (uint)output.Position);
            var place = (segment / format.BytesPerSample * format.BytesPerSample) + (format.BytesPerSample - 1 - (segment % format.BytesPerSample));
            for (var y = 0; y < format.Rows; y++)
            {
                var from = (y * format.Columns * count) + place;
                for (var x = 0; x < row.Length; x++, from += count) row[x] = image.Bytes[from];
                Pack(row, output);
            }

            if (output.Position % 2 == 1) output.WriteByte(0);
        }

        var bytes = output.ToArray();
        header.CopyTo(bytes, 0);
        return bytes;
    }

    private static void Pack(ReadOnlySpan<byte> row, MemoryStream output)
    {
        const int MaxRun = 128;
        while (!row.IsEmpty)
        {
            var run = Math.Min(MaxRun, RunLength(row));
            if (run > 1)
            {
                output.WriteByte((byte)(1 - run));
                output.WriteByte(row[0]);
                row = row[run..];
                continue;
            }

            var literal = 1;
            // A run of two within literals costs as much as it saves.
            while (literal < Math.Min(MaxRun, row.Length) && RunLength(row[literal..]) < 3) literal++;
            output.WriteByte((byte)(literal - 1));
            output.Write(row[..literal]);
            row = row[literal..];
        }
    }

    private static int RunLength(ReadOnlySpan<byte> row)
    {
        var other = row.IndexOfAnyExcept(row[0]);
        return other < 0 ? row.Length : other;
    }
}
