using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Harmony.Dicom.Imaging.Codecs.Jpeg;

/// <summary>A component of a frame header: ISO 10918-1 §B.2.2.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Horizontal">Its horizontal sampling factor, 1 to 4.</param>
/// <param name="Vertical">Its vertical sampling factor, 1 to 4.</param>
/// <param name="Table">The number of its quantization table, 0 to 3.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JpegComponent(byte Id, int Horizontal, int Vertical, int Table);

/// <summary>What stands at the beginning of a JPEG or JPEG-LS code stream, read before any decoder is given it.</summary>
/// <param name="Process">The second byte of its SOFn marker: C0 to CF of JPEG, F7 of JPEG-LS.</param>
/// <param name="Precision">Bits of a sample.</param>
/// <param name="Rows">Lines; 0: a DNL marker follows the first scan.</param>
/// <param name="Columns">Samples of a line.</param>
/// <param name="Components">1 to 4.</param>
/// <param name="AdobeTransform">What an Adobe APP14 segment says of the colours: 0 none, 1 YCbCr; null without one.</param>
internal sealed record JpegHeader(byte Process, int Precision, int Rows, int Columns, JpegComponent[] Components, int? AdobeTransform)
{
    public const byte JpegLs = 0xF7;
    public const byte Lossless = 0xC3;
    public const byte DefineHuffman = 0xC4;
    public const byte DefineQuantization = 0xDB;
    public const byte DefineRestart = 0xDD;
    public const byte StartOfScan = 0xDA;
    public const byte EndOfImage = 0xD9;
    private const byte App14 = 0xEE;

    /// <summary>Whether pixels share colour differences.</summary>
    public bool IsSubsampled => Components.Any(c => c.Horizontal != Components[0].Horizontal || c.Vertical != Components[0].Vertical);

    /// <exception cref="ImagingException">Corrupt: there is no frame header before the first scan.</exception>
    public static JpegHeader Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes is not [0xFF, 0xD8, ..]) throw ImagingException.Corrupt("a frame should be a JPEG code stream and does not begin with one");
        int? adobe = null;
        var at = 2;
        while (TrySegment(bytes, ref at, out var marker, out var segment))
        {
            if (marker is StartOfScan or EndOfImage) break;
            if (marker == App14 && segment.Length >= 12 && segment.StartsWith("Adobe"u8)) adobe = segment[11];
            if ((marker is >= 0xC0 and <= 0xCF && marker is not (0xC4 or 0xC8 or 0xCC)) || marker == JpegLs) return Frame(marker, segment, adobe);
        }

        throw ImagingException.Corrupt("a JPEG code stream has no frame header before its first scan");
    }

    /// <summary>The next marker and what belongs to it.</summary>
    /// <param name="bytes">The code stream.</param>
    /// <param name="at">Where to look; then what follows the segment.</param>
    /// <param name="marker">The marker's second byte.</param>
    /// <param name="segment">The segment without its length.</param>
    /// <returns>False if the code stream ends there, or no marker follows.</returns>
    public static bool TrySegment(ReadOnlySpan<byte> bytes, ref int at, out byte marker, out ReadOnlySpan<byte> segment)
    {
        marker = 0;
        segment = default;
        while (at + 1 < bytes.Length && bytes[at] == 0xFF && bytes[at + 1] == 0xFF) at++;
        if (at + 1 >= bytes.Length || bytes[at] != 0xFF || bytes[at + 1] == 0) return false;
        marker = bytes[at + 1];
        at += 2;
        if (marker is 0x01 or (>= 0xD0 and <= 0xD9)) return true;
        if (at + 2 > bytes.Length) return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
        if (length < 2 || at + length > bytes.Length) return false;
        segment = bytes.Slice(at + 2, length - 2);
        at += length;
        return true;
    }

    /// <summary>How many components a scan has, by its header (ISO 10918-1 §B.2.3).</summary>
    /// <exception cref="ImagingException">Corrupt.</exception>
    public static int ComponentsOfScan(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 4 || segment[0] is 0 or > 4 || segment.Length < 4 + (2 * segment[0]))
            throw ImagingException.Corrupt("a scan header of a JPEG code stream is damaged");
        return segment[0];
    }

    /// <summary>Compares with what the data set says, before anything is decoded.</summary>
    /// <exception cref="ImagingException">Corrupt: it is another size, or has more samples or bits than there is room for.</exception>
    public void Check(PixelFormat format)
    {
        if (Columns != format.Columns || Rows != format.Rows || Components.Length != format.Samples)
        {
            throw ImagingException.Corrupt(
                $"a code stream of {Columns} × {Rows} pixels with {Components.Length} samples contradicts the data set, which says {format.Columns} × "
                    + $"{format.Rows} and {format.Samples}");
        }

        if (Precision > format.BytesPerSample * 8 || Precision < 2)
        {
            throw ImagingException.Corrupt($"a code stream with samples of {Precision} bits contradicts the data set, which allocates {format.BitsAllocated}");
        }
    }

    private static JpegHeader Frame(byte marker, ReadOnlySpan<byte> segment, int? adobe)
    {
        if (segment.Length < 6 || segment[5] is 0 or > 4 || segment.Length < 6 + (3 * segment[5]))
            throw ImagingException.Corrupt("the frame header of a JPEG code stream is damaged");
        var components = new JpegComponent[segment[5]];
        for (var i = 0; i < components.Length; i++)
        {
            var (id, factors, table) = (segment[6 + (3 * i)], segment[7 + (3 * i)], segment[8 + (3 * i)]);
            components[i] = new JpegComponent(id, factors >> 4, factors & 15, table);
            if (components[i] is { Horizontal: 0 or > 4 } or { Vertical: 0 or > 4 })
                throw ImagingException.Corrupt("the sampling factors of a JPEG code stream are damaged");
        }

        return new JpegHeader(marker, segment[0], BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), BinaryPrimitives.ReadUInt16BigEndian(segment[3..]),
            components, adobe);
    }
}
