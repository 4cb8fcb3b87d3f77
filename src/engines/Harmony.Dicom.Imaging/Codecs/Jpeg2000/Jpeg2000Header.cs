using System.Buffers.Binary;

namespace Harmony.Dicom.Imaging.Codecs.Jpeg2000;

/// <summary>The SIZ segment of a JPEG 2000 code stream (ISO 15444-1 §A.5.1), read before a decoder is given the code stream.</summary>
/// <param name="Columns">Of the image.</param>
/// <param name="Rows">Of the image.</param>
/// <param name="Components">Samples of a pixel.</param>
/// <param name="Precision">The most bits of a sample.</param>
/// <param name="Tiles">How many parts it consists of.</param>
/// <param name="IsLossy">Whether its wavelets lose detail, so that samples may come out a little larger or smaller than they can have been.</param>
internal readonly record struct Jpeg2000Header(long Columns, long Rows, int Components, int Precision, long Tiles, bool IsLossy)
{
    private const byte CodingStyle = 0x52;
    private const byte StartOfTile = 0x90;
    private const int MaxTiles = 65535;
    private const int ComponentsAt = 40;

    /// <summary>The code stream itself, without the boxes of a JP2 file that some devices store with it.</summary>
    /// <exception cref="ImagingException">Corrupt: there is none.</exception>
    public static ReadOnlySpan<byte> CodeStream(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xFF, 0x4F, 0xFF, 0x51, ..]) return bytes;
        const int BoxHeader = 8;
        for (var at = 0L; at >= 0 && at + BoxHeader <= bytes.Length;)
        {
            var box = bytes[(int)at..];
            long length = BinaryPrimitives.ReadUInt32BigEndian(box);
            var header = BoxHeader;
            if (length == 1 && box.Length >= 16)
            {
                length = BinaryPrimitives.ReadInt64BigEndian(box[8..]);
                header = 16;
            }

            if (box.Slice(4, 4).SequenceEqual("jp2c"u8)) return box[header..];
            if (length < header) break;
            at += length;
        }

        throw ImagingException.Corrupt("a frame should be a JPEG 2000 code stream and does not begin with one");
    }

    /// <exception cref="ImagingException">Corrupt.</exception>
    public static Jpeg2000Header Read(ReadOnlySpan<byte> codeStream)
    {
        const int Siz = 4;
        if (codeStream.Length < Siz + ComponentsAt || BinaryPrimitives.ReadUInt16BigEndian(codeStream[Siz..]) < 41)
            throw ImagingException.Corrupt("a JPEG 2000 code stream ends within its header");
        var siz = codeStream[Siz..];
        long Number(int at, ReadOnlySpan<byte> from) => BinaryPrimitives.ReadUInt32BigEndian(from[at..]);
        var (right, bottom, left, top) = (Number(4, siz), Number(8, siz), Number(12, siz), Number(16, siz));
        var (tileWidth, tileHeight, tileLeft, tileTop) = (Number(20, siz), Number(24, siz), Number(28, siz), Number(32, siz));
        var components = BinaryPrimitives.ReadUInt16BigEndian(siz[36..]);
        if (right <= left || bottom <= top || tileWidth == 0 || tileHeight == 0 || tileLeft > left || tileTop > top || components == 0
            || siz.Length < 38 + (3 * components))
        {
            throw ImagingException.Corrupt("the sizes of a JPEG 2000 code stream contradict each other");
        }

        var tiles = ((right - tileLeft + tileWidth - 1) / tileWidth) * ((bottom - tileTop + tileHeight - 1) / tileHeight);
        var precision = 0;
        for (var i = 0; i < components; i++)
        {
            precision = Math.Max(precision, (siz[38 + (3 * i)] & 0x7F) + 1);
            if (siz[39 + (3 * i)] == 0 || siz[40 + (3 * i)] == 0) throw ImagingException.Corrupt("the sampling factors of a JPEG 2000 code stream are damaged");
        }

        return new Jpeg2000Header(right - left, bottom - top, components, precision, tiles, HasLossyWavelets(codeStream));
    }

    /// <summary>Looks into the COD segment (§A.6.1).</summary>
    private static bool HasLossyWavelets(ReadOnlySpan<byte> codeStream)
    {
        const int Transformation = 13;
        for (var at = 2; at + 4 <= codeStream.Length && codeStream[at] == 0xFF && codeStream[at + 1] != StartOfTile;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(codeStream[(at + 2)..]);
            if (codeStream[at + 1] == CodingStyle && at + Transformation < codeStream.Length) return codeStream[at + Transformation] == 0;
            at += 2 + length;
        }

        return false;
    }

    /// <exception cref="ImagingException">Corrupt: it is another size than the data set says, or has more samples or bits than there is room for.</exception>
    public void Check(PixelFormat format)
    {
        if (Columns != format.Columns || Rows != format.Rows || Components < format.Samples)
        {
            throw ImagingException.Corrupt(
                $"a code stream of {Columns} × {Rows} pixels with {Components} samples contradicts the data set, which says {format.Columns} × "
                    + $"{format.Rows} and {format.Samples}");
        }

        if (Precision > format.BytesPerSample * 8 || Precision > 31)
            throw ImagingException.Corrupt($"a code stream with samples of {Precision} bits contradicts the data set, which allocates {format.BitsAllocated}");
        if (Tiles > MaxTiles) throw ImagingException.Corrupt($"a JPEG 2000 code stream has {Tiles} tiles; the standard allows {MaxTiles}");
    }
}
