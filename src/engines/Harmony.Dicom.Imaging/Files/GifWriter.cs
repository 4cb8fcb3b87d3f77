using System.Buffers.Binary;
using Harmony.Dicom.Imaging.Rendering;

namespace Harmony.Dicom.Imaging.Files;

/// <summary>GIF (version 89a): 256 shades of grey, or 252 colours; several images are shown one after another, again and again.</summary>
internal static class GifWriter
{
    private const int Reds = 6, Greens = 7, Blues = 6;
    private const int ColorBits = 8;

    /// <param name="images">At least one, all of the same size, of 8 bits.</param>
    /// <param name="delay">How long each is shown, in hundredths of a second.</param>
    public static byte[] Write(IReadOnlyList<RenderedImage> images, int delay)
    {
        var first = images[0];
        using var output = new MemoryStream();
        output.Write("GIF89a"u8);
        Word(output, first.Width);
        Word(output, first.Height);
        output.Write([0xF7, 0, 0]); // a table of 256 colours for all images
        output.Write(Colors(first.Channels));
        if (images.Count > 1) output.Write([0x21, 0xFF, 11, .. "NETSCAPE2.0"u8, 3, 1, 0, 0, 0]);
        foreach (var image in images)
        {
            output.Write([0x21, 0xF9, 4, 0, (byte)delay, (byte)(delay >> 8), 0, 0]);
            output.WriteByte(0x2C);
            Word(output, 0);
            Word(output, 0);
            Word(output, image.Width);
            Word(output, image.Height);
            output.WriteByte(0);
            Compress(image.Channels == 1 ? image.Pixels : Indices(image), output);
        }

        output.WriteByte(0x3B);
        return output.ToArray();
    }

    private static void Word(MemoryStream output, int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        output.Write(bytes);
    }

    private static byte[] Colors(int channels)
    {
        var table = new byte[3 * 256];
        for (var i = 0; i < 256; i++)
        {
            if (channels == 1) table.AsSpan(3 * i, 3).Fill((byte)i);
            else if (i < Reds * Greens * Blues)
            {
                table[3 * i] = (byte)(i / (Greens * Blues) * 255 / (Reds - 1));
                table[(3 * i) + 1] = (byte)(i / Blues % Greens * 255 / (Greens - 1));
                table[(3 * i) + 2] = (byte)(i % Blues * 255 / (Blues - 1));
            }
        }

        return table;
    }

    /// <summary>The nearest colours of the table, what they are off passed on to the pixels around (Floyd and Steinberg).</summary>
    private static byte[] Indices(RenderedImage image)
    {
        var indices = new byte[image.Width * image.Height];
        var (current, next) = (new int[(image.Width + 2) * 3], new int[(image.Width + 2) * 3]);
        ReadOnlySpan<int> levels = [Reds, Greens, Blues];
        for (var y = 0; y < image.Height; y++, (current, next) = (next, current))
        {
            Array.Clear(next);
            for (var x = 0; x < image.Width; x++)
            {
                var index = 0;
                for (var c = 0; c < 3; c++)
                {
                    var at = ((x + 1) * 3) + c;
                    var wanted = Math.Clamp(image.Pixels[(((y * image.Width) + x) * 3) + c] + (current[at] / 16), 0, 255);
                    var level = ((wanted * (levels[c] - 1)) + 127) / 255;
                    var error = wanted - (level * 255 / (levels[c] - 1));
                    current[at + 3] += 7 * error;
                    next[at - 3] += 3 * error;
                    next[at] += 5 * error;
                    next[at + 3] += error;
                    index = (index * levels[c]) + level;
                }

                indices[(y * image.Width) + x] = (byte)index;
            }
        }

        return indices;
    }

    /// <summary>LZW with codes of 9 to 12 bits, in blocks of 255 bytes.</summary>
    private static void Compress(ReadOnlySpan<byte> indices, MemoryStream output)
    {
        const int Clear = 1 << ColorBits, End = Clear + 1, MaxCode = 4095;
        output.WriteByte(ColorBits);
        var bits = new BlockBits(output);
        var codes = new Dictionary<int, int>(MaxCode);
        var (size, next) = (ColorBits + 1, End + 1);
        bits.Write(Clear, size);
        int prefix = indices[0];
        foreach (var index in indices[1..])
        {
            var key = (prefix << ColorBits) | index;
            if (codes.TryGetValue(key, out var code))
            {
                prefix = code;
                continue;
            }

            bits.Write(prefix, size);
            prefix = index;
            if (next > MaxCode)
            {
                bits.Write(Clear, size);
                codes.Clear();
                (size, next) = (ColorBits + 1, End + 1);
                continue;
            }

            if (next == 1 << size) size++;
            codes[key] = next++;
        }

        bits.Write(prefix, size);
        bits.Write(End, size);
        bits.Finish();
    }

    private sealed class BlockBits(MemoryStream output)
    {
        private readonly byte[] _block = new byte[255];
        private int _length;
        private int _buffer;
        private int _count;

        public void Write(int code, int size)
        {
            _buffer |= code << _count;
            for (_count += size; _count >= 8; _count -= 8, _buffer >>= 8) Add((byte)_buffer);
        }

        public void Finish()
        {
            if (_count > 0) Add((byte)_buffer);
            Flush();
            output.WriteByte(0);
        }

        private void Add(byte value)
        {
            _block[_length++] = value;
            if (_length == _block.Length) Flush();
        }

        private void Flush()
        {
            if (_length == 0) return;
            output.WriteByte((byte)_length);
            output.Write(_block, 0, _length);
            _length = 0;
        }
    }
}
