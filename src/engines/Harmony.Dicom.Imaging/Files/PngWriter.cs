using System.Buffers.Binary;
using System.IO.Compression;
using Harmony.Dicom.Imaging.Rendering;

namespace Harmony.Dicom.Imaging.Files;

/// <summary>PNG (ISO 15948): grey or colour, 8 or 16 bits.</summary>
internal static class PngWriter
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] Write(RenderedImage image)
    {
        using var output = new MemoryStream((image.Pixels.Length / 2) + 1024);
        output.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        const byte Grey = 0, Rgb = 2;
        header[8] = (byte)image.Depth;
        header[9] = image.Channels == 1 ? Grey : Rgb;
        header[10..].Clear();
        Chunk(output, "IHDR"u8, header);
        if (!image.IccProfile.IsEmpty) Chunk(output, "iCCP"u8, [.. "ICC profile\0\0"u8, .. Deflate(z => z.Write(image.IccProfile.Span))]);
        Chunk(output, "IDAT"u8, Deflate(z => Rows(image, z)));
        Chunk(output, "IEND"u8, []);
        return output.ToArray();
    }

    /// <summary>Each row is written as differences from the pixel to the left, or of rows, whichever is smaller in sum: the usual rule of thumb.</summary>
    private static void Rows(RenderedImage image, Stream to)
    {
        var (length, step) = (image.Width * image.BytesPerPixel, image.BytesPerPixel);
        var (row, above) = (new byte[length], new byte[length]);
        var (left, up) = (new byte[length + 1], new byte[length + 1]);
        (left[0], up[0]) = (1, 2);
        for (var y = 0; y < image.Height; y++)
        {
            image.Pixels.AsSpan(y * length, length).CopyTo(row);
            if (image.Depth == 16) Frames.BulkRange.SwapWords(row, 2);
            var (sumLeft, sumUp) = (0L, 0L);
            for (var x = 0; x < length; x++)
            {
                left[x + 1] = (byte)(row[x] - (x >= step ? row[x - step] : 0));
                up[x + 1] = (byte)(row[x] - above[x]);
                sumLeft += Math.Abs((int)(sbyte)left[x + 1]);
                sumUp += Math.Abs((int)(sbyte)up[x + 1]);
            }

            to.Write(sumLeft <= sumUp ? left : up);
            (row, above) = (above, row);
        }
    }

    private static byte[] Deflate(Action<ZLibStream> write)
    {
        using var output = new MemoryStream();
        using (var zlib = new ZLibStream(output, CompressionLevel.Fastest, leaveOpen: true)) write(zlib);
        return output.ToArray();
    }

    private static void Chunk(MemoryStream output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        output.Write(number);
        output.Write(type);
        output.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc.Of(type, data));
        output.Write(number);
    }
}

/// <summary>The checksum of PNG chunks: CRC-32 of ISO 3309, as in PNG annex D.</summary>
internal static class Crc
{
    private static readonly uint[] Table = Make();

    public static uint Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => ~Add(Add(uint.MaxValue, first), second);

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes) crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        return crc;
    }

    private static uint[] Make()
    {
        const uint Polynomial = 0xEDB88320;
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? Polynomial ^ (value >> 1) : value >> 1;
            table[i] = value;
        }

        return table;
    }
}
