using System.Buffers;
using Harmony.Dicom.Imaging.Rendering;
using JpegLibrary;

namespace Harmony.Dicom.Imaging.Files;

/// <summary>JPEG baseline (ISO 10918-1), by JpegLibrary: grey, or YCbCr with shared colour differences below a quality of 90.</summary>
internal static class JpegWriter
{
    private const int StartLength = 2;
    private const int SharingBelow = 90;
    private const int MaxSegment = 65519;

    /// <param name="image">Of 8 bits.</param>
    /// <param name="quality">1 to 100.</param>
    /// <param name="asFile">Whether a JFIF header and the ICC profile are written: not into DICOM objects.</param>
    public static byte[] Write(RenderedImage image, int quality, bool asFile = true)
    {
        var shares = image.Channels == 3 && quality < SharingBelow;
        var encoder = new JpegEncoder();
        encoder.SetQuantizationTable(
            JpegStandardQuantizationTable.ScaleByQuality(JpegStandardQuantizationTable.GetLuminanceTable(JpegElementPrecision.Precision8Bit, 0), quality));
        encoder.SetHuffmanTable(isDcTable: true, 0, JpegStandardHuffmanEncodingTable.GetLuminanceDCTable());
        encoder.SetHuffmanTable(isDcTable: false, 0, JpegStandardHuffmanEncodingTable.GetLuminanceACTable());
        var factor = (byte)(shares ? 2 : 1);
        encoder.AddComponent(1, 0, 0, 0, factor, 1);
        if (image.Channels == 3)
        {
            encoder.SetQuantizationTable(JpegStandardQuantizationTable.ScaleByQuality(
                JpegStandardQuantizationTable.GetChrominanceTable(JpegElementPrecision.Precision8Bit, 1), quality));
            encoder.SetHuffmanTable(isDcTable: true, 1, JpegStandardHuffmanEncodingTable.GetChrominanceDCTable());
            encoder.SetHuffmanTable(isDcTable: false, 1, JpegStandardHuffmanEncodingTable.GetChrominanceACTable());
            encoder.AddComponent(2, 1, 1, 1, 1, 1);
            encoder.AddComponent(3, 1, 1, 1, 1, 1);
        }

        var output = new ArrayBufferWriter<byte>((image.Pixels.Length / 4) + 4096);
        encoder.SetInputReader(new BlockReader(image));
        encoder.SetOutput(output);
        encoder.Encode();
        return asFile
            ? [.. output.WrittenSpan[..StartLength], .. Jfif, .. Profile(image.IccProfile.Span), .. output.WrittenSpan[StartLength..]]
            : output.WrittenSpan.ToArray();
    }

    /// <summary>APP0: version 1.2, pixels as high as wide.</summary>
    private static ReadOnlySpan<byte> Jfif => [0xFF, 0xE0, 0, 16, (byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 2, 0, 0, 1, 0, 1, 0, 0];

    /// <summary>APP2 segments, as annex B of the ICC specification has them.</summary>
    private static byte[] Profile(ReadOnlySpan<byte> profile)
    {
        if (profile.IsEmpty) return [];
        var count = (profile.Length + MaxSegment - 1) / MaxSegment;
        if (count > byte.MaxValue) return [];
        var segments = new List<byte>(profile.Length + (count * 18));
        for (var i = 0; i < count; i++)
        {
            var part = profile.Slice(i * MaxSegment, Math.Min(MaxSegment, profile.Length - (i * MaxSegment)));
            var length = part.Length + 16;
            segments.AddRange([0xFF, 0xE2, (byte)(length >> 8), (byte)length, .. "ICC_PROFILE\0"u8, (byte)(i + 1), (byte)count, .. part]);
        }

        return [.. segments];
    }

    /// <summary>Gives the encoder blocks of one component, the last column and row repeated where the image ends.</summary>
    private sealed class BlockReader(RenderedImage image) : JpegBlockInputReader
    {
        private const int Side = 8;

        public override int Width => image.Width;

        public override int Height => image.Height;

        public override void ReadBlock(ref short blockRef, int componentIndex, int x, int y)
        {
            for (var row = 0; row < Side; row++)
            {
                var line = Math.Min(y + row, image.Height - 1) * image.Width;
                for (var column = 0; column < Side; column++)
                {
                    var at = line + Math.Min(x + column, image.Width - 1);
                    System.Runtime.CompilerServices.Unsafe.Add(ref blockRef, (row * Side) + column) = image.Channels == 1
                        ? image.Pixels[at]
                        : Component(at * 3, componentIndex);
                }
            }
        }

        private short Component(int at, int component)
        {
            var (r, g, b) = (image.Pixels[at], image.Pixels[at + 1], image.Pixels[at + 2]);
            return (short)(component switch
            {
                0 => ((19595 * r) + (38470 * g) + (7471 * b) + 32768) >> 16,
                1 => Math.Clamp((((-11059 * r) - (21709 * g) + (32768 * b) + 32767) >> 16) + 128, 0, 255),
                _ => Math.Clamp((((32768 * r) - (27439 * g) - (5329 * b) + 32767) >> 16) + 128, 0, 255),
            });
        }
    }
}
