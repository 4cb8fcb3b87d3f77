using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Imaging.Codecs.Jpeg2000;
using Harmony.Dicom.Imaging.Codecs.JpegLs;
using Harmony.Dicom.Imaging.Codecs.Rle;
using Harmony.Dicom.Imaging.Files;
using Harmony.Dicom.Imaging.Frames;
using Harmony.Dicom.Imaging.Rendering;

namespace Harmony.Dicom.Imaging.Transcoding;

/// <summary>A frame in a transfer syntax.</summary>
/// <param name="Bytes">What is stored.</param>
/// <param name="Format">What the data set has to say of it.</param>
internal sealed record EncodedFrame(byte[] Bytes, PixelFormat Format);

/// <summary>Encodes decoded frames.</summary>
internal static class FrameEncoder
{
    private const int SharingBelow = 90;

    /// <summary>The transfer syntaxes that frames can be encoded in.</summary>
    public static IReadOnlyList<TransferSyntax> Targets { get; } =
    [
        TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian, TransferSyntax.ExplicitVRBigEndian,
        TransferSyntax.DeflatedExplicitVRLittleEndian,
        TransferSyntax.RLELossless, TransferSyntax.JPEGLSLossless, TransferSyntax.JPEG2000Lossless, TransferSyntax.JPEGLSNearLossless, TransferSyntax.JPEG2000,
        TransferSyntax.JPEGBaseline8Bit,
    ];

    /// <summary>Whether encoding in a transfer syntax loses detail. JPEG 2000 can do both; its lossless sibling is there for those that want it.</summary>
    public static bool Loses(TransferSyntax target)
        => target.Uid == TransferSyntax.JPEGLSNearLossless.Uid || target.Uid == TransferSyntax.JPEG2000.Uid
            || target.Uid == TransferSyntax.JPEGBaseline8Bit.Uid;

    /// <exception cref="ImagingException">Unsupported: the syntax has no such pixels, or nothing encodes it; or a library is missing.</exception>
    public static EncodedFrame Encode(FrameImage image, TransferSyntax target, TranscodeOptions options)
    {
        if (!target.IsEncapsulated) return new EncodedFrame(NativeSamples.Store(image), image.Format);
        if (!Targets.Any(t => t.Uid == target.Uid))
        {
            throw new ImagingException(ImagingErrorKind.Unsupported,
                $"pixels cannot be encoded in transfer syntax {(target.Keyword.Length == 0 ? "" : target.Keyword + " ")}{target.Uid}; {Names()} can");
        }

        var format = image.Format;
        if (format.Kind != SampleKind.Integer || format.BitsAllocated is not (8 or 16 or 32)
            || (format.BitsAllocated == 32 && target.Uid != TransferSyntax.RLELossless.Uid))
        {
            throw new ImagingException(
                ImagingErrorKind.Unsupported, $"samples of {format.BitsAllocated} bits ({format.Kind}) cannot be in transfer syntax {target.Keyword}");
        }

        if (target.Uid == TransferSyntax.RLELossless.Uid) return new EncodedFrame(RleCodec.Encode(image), format);
        if (target.Uid == TransferSyntax.JPEGBaseline8Bit.Uid) return Jpeg(image, options.JpegQuality);
        var precision = PrecisionOf(image);
        if (target.Uid == TransferSyntax.JPEGLSLossless.Uid || target.Uid == TransferSyntax.JPEGLSNearLossless.Uid)
        {
            if (precision < 2) throw new ImagingException(ImagingErrorKind.Unsupported, "samples of 1 bit cannot be in JPEG-LS");
            return new EncodedFrame(JpegLsCodec.Encode(Masked(image, precision), precision, target.IsLossy ? Near(options, precision) : 0), format);
        }

        var isLossy = target.Uid == TransferSyntax.JPEG2000.Uid;
        var photometric = format.Photometric != PhotometricInterpretation.Rgb
            ? format.Photometric
            : isLossy ? PhotometricInterpretation.YbrIct : PhotometricInterpretation.YbrRct;
        return new EncodedFrame(Jpeg2000Codec.Encode(image, precision, format.IsSigned, isLossy
            ? (float)options.Jpeg2000Ratio
            : 0), format with { Photometric = photometric });
    }

    private static string Names() => string.Join(", ", Targets.Select(t => t.Keyword));

    private static int Near(TranscodeOptions options, int precision) => Math.Min(options.NearLossless, ((1 << precision) - 1) / 2);

    private static EncodedFrame Jpeg(FrameImage image, int quality)
    {
        var format = image.Format;
        if (format is not { BitsAllocated: 8, BitsStored: 8, IsSigned: false } || format.Photometric == PhotometricInterpretation.PaletteColor)
        {
            throw new ImagingException(ImagingErrorKind.Unsupported, "JPEG baseline supports only unsigned 8-bit grey and colour images; use JPEG 2000 "
                + "for others");
        }

        var rgb = ColorScale.ToRgb(image);
        var bytes = JpegWriter.Write(new RenderedImage(format.Columns, format.Rows, format.Samples, 8, rgb.Bytes), quality, asFile: false);
        var photometric = format.Samples == 1
            ? format.Photometric
            : quality < SharingBelow ? PhotometricInterpretation.YbrFull422 : PhotometricInterpretation.YbrFull;
        return new EncodedFrame(bytes, format with { Photometric = photometric });
    }

    /// <summary>The bits that have to be encoded: those stored, or all of a cell if something else is in the others, such as an overlay.</summary>
    private static int PrecisionOf(FrameImage image)
    {
        var format = image.Format;
        if (format.BitsStored == format.BitsAllocated || format.HighBit != format.BitsStored - 1) return format.BitsAllocated;
        var (mask, all) = ((1 << format.BitsStored) - 1, (1 << format.BitsAllocated) - 1);
        var words = NativeSamples.Words(image.Bytes);
        for (var i = 0; i < format.PixelCount * format.Samples; i++)
        {
            int cell = format.BytesPerSample == 1 ? image.Bytes[i] : words[i];
            var isExtended = format.IsSigned && (cell & ~(mask >> 1)) == (all & ~(mask >> 1));
            if ((cell & ~mask) != 0 && !isExtended) return format.BitsAllocated;
        }

        return format.BitsStored;
    }

    /// <summary>Without the bits above the precision: the extension of the sign, which JPEG-LS has no room for.</summary>
    private static FrameImage Masked(FrameImage image, int precision)
    {
        if (precision == image.Format.BitsAllocated || !image.Format.IsSigned) return image;
        var bytes = image.Bytes.ToArray();
        var mask = (1 << precision) - 1;
        if (image.Format.BytesPerSample == 1)
        {
            for (var i = 0; i < bytes.Length; i++) bytes[i] &= (byte)mask;
        }
        else
        {
            foreach (ref var word in NativeSamples.Words(bytes)) word &= (ushort)mask;
        }

        return new FrameImage(image.Format, bytes);
    }
}
