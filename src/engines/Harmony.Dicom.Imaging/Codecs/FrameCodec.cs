using System.IO.Compression;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Imaging.Codecs.Jpeg;
using Harmony.Dicom.Imaging.Codecs.Jpeg2000;
using Harmony.Dicom.Imaging.Codecs.JpegLs;
using Harmony.Dicom.Imaging.Codecs.Rle;
using Harmony.Dicom.Imaging.Frames;

namespace Harmony.Dicom.Imaging.Codecs;

/// <summary>
/// Decodes stored frames. Of the JPEG family the code stream says by which of its processes it is coded, and is believed: devices store one under the
/// transfer syntax of another.
/// </summary>
internal static class FrameCodec
{
    /// <summary>Whether frames are in one bit stream of a video: MPEG-2, MPEG-4, HEVC, SMPTE ST 2110.</summary>
    public static bool IsVideo(TransferSyntax syntax)
        => syntax.Keyword.StartsWith("MPEG", StringComparison.Ordinal) || syntax.Keyword.StartsWith("HEVC", StringComparison.Ordinal)
            || syntax.Keyword.StartsWith("SMPTE", StringComparison.Ordinal);

    /// <summary>What frames of a transfer syntax begin with.</summary>
    public static CodeStreamStart StartOf(TransferSyntax syntax)
    {
        if (syntax.Uid == TransferSyntax.RLELossless.Uid) return CodeStreamStart.Rle;
        if (IsJpeg2000(syntax)) return CodeStreamStart.Jpeg2000;
        return IsJpeg(syntax) ? CodeStreamStart.Jpeg : CodeStreamStart.Unknown;
    }

    /// <summary>Whether decoding a frame runs code of a library that is not managed.</summary>
    public static bool IsNative(TransferSyntax syntax, ReadOnlySpan<byte> stored)
        => syntax.IsEncapsulated && (IsJpeg2000(syntax) || (IsJpeg(syntax) && JpegHeader.Read(stored).Process == JpegHeader.JpegLs));

    /// <summary>Whether frames of a transfer syntax can be decoded, if the libraries that this needs are installed.</summary>
    public static bool CanDecode(TransferSyntax syntax)
        => !syntax.IsEncapsulated || syntax.HasBigEndianPixels || StartOf(syntax) != CodeStreamStart.Unknown
            || syntax.Uid == TransferSyntax.EncapsulatedUncompressedExplicitVRLittleEndian.Uid
                || syntax.Uid == TransferSyntax.DeflatedImageFrameCompression.Uid;

    /// <summary>Decodes a frame that is compressed.</summary>
    /// <exception cref="ImagingException">It is damaged, of no supported kind, too large, or a library is missing.</exception>
    public static FrameImage Decode(PixelFormat format, TransferSyntax syntax, byte[] stored, ImageLimits limits)
    {
        var interleaved = format.IsPlanar ? format with { IsPlanar = false } : format;
        if (syntax.Uid == TransferSyntax.EncapsulatedUncompressedExplicitVRLittleEndian.Uid) return NativeSamples.Decode(format, stored, isSubsampled: false);
        if (syntax.Uid == TransferSyntax.DeflatedImageFrameCompression.Uid) return NativeSamples.Decode(format, Inflate(format, stored), isSubsampled: false);
        limits.CheckExpansion(format, stored.Length);
        if (format.Kind != SampleKind.Integer || format.BitsAllocated % 8 != 0)
        {
            if (!(syntax.Uid == TransferSyntax.RLELossless.Uid && format.BitsAllocated == 1)) CheckWhole(format, syntax);
        }

        if (syntax.Uid == TransferSyntax.RLELossless.Uid) return new FrameImage(interleaved, RleCodec.Decode(interleaved, stored));
        if (IsJpeg2000(syntax)) return new FrameImage(AfterJpeg2000(interleaved), Jpeg2000Codec.Decode(interleaved, stored));
        if (IsJpeg(syntax)) return Jpeg(interleaved, stored);
        throw new ImagingException(
            ImagingErrorKind.Unsupported, $"pixels in transfer syntax {Name(syntax)} cannot be decoded; the object can be passed on as it is");
    }

    private static FrameImage Jpeg(PixelFormat format, byte[] stored)
    {
        var header = JpegHeader.Read(stored);
        header.Check(format);
        switch (header.Process)
        {
            case 0xC0 or 0xC1
                or 0xC2:
                return new FrameImage(format with { Photometric = ColorOf(header, format) }, DctJpegDecoder.Decode(header, format, stored));
            case JpegHeader.Lossless:
                return new FrameImage(format with { Photometric = ColorOf(header, format) },
                WithSign(format, header.Precision, LosslessJpegDecoder.Decode(header, format, stored)));
            case JpegHeader.JpegLs: return new FrameImage(format, WithSign(format, header.Precision, JpegLsCodec.Decode(header, format, stored)));
            default:
                throw new ImagingException(ImagingErrorKind.Unsupported, $"a JPEG code stream with process SOF{header.Process - 0xC0} (hierarchical or "
                    + "arithmetic) cannot be decoded; the object can be passed on as it is");
        }
    }

    /// <summary>JPEG has no signs: values of fewer bits than a cell get the upper bits they had before they were encoded.</summary>
    private static byte[] WithSign(PixelFormat format, int precision, byte[] samples)
    {
        if (!format.IsSigned || precision > format.BitsStored || format.BitsStored == format.BytesPerSample * 8 || format.BytesPerSample > 2) return samples;
        var unused = 32 - format.BitsStored;
        if (format.BytesPerSample == 1)
        {
            for (var i = 0; i < samples.Length; i++) samples[i] = (byte)(samples[i] << unused >> unused);
        }
        else
        {
            foreach (ref var word in NativeSamples.Words(samples)) word = (ushort)(word << unused >> unused);
        }

        return samples;
    }

    /// <summary>
    /// What the components of a JPEG code stream are: by an Adobe segment, as shared colour differences tell, by their names, or else by the data set, which
    /// is often wrong.
    /// </summary>
    private static PhotometricInterpretation ColorOf(JpegHeader header, PixelFormat format)
    {
        if (format.Samples == 1) return format.Photometric;
        if (header.AdobeTransform is 0) return PhotometricInterpretation.Rgb;
        if (header.AdobeTransform is 1 || header.IsSubsampled) return Full(format.Photometric);
        if (header.Components is [{ Id: (byte)'R' }, { Id: (byte)'G' }, { Id: (byte)'B' }]) return PhotometricInterpretation.Rgb;
        return format.Photometric == PhotometricInterpretation.Rgb ? PhotometricInterpretation.Rgb : Full(format.Photometric);
    }

    private static PhotometricInterpretation Full(PhotometricInterpretation photometric)
        => photometric is PhotometricInterpretation.YbrPartial420 or PhotometricInterpretation.YbrPartial422 ? photometric : PhotometricInterpretation.YbrFull;

    private static PixelFormat AfterJpeg2000(PixelFormat format)
        => format.Photometric is PhotometricInterpretation.YbrIct or PhotometricInterpretation.YbrRct
            ? format with { Photometric = PhotometricInterpretation.Rgb }
            : format;

    private static bool IsJpeg2000(TransferSyntax syntax)
        => syntax.Keyword.StartsWith("JPEG2000", StringComparison.Ordinal) || syntax.Keyword.StartsWith("HTJ2K", StringComparison.Ordinal);

    private static bool IsJpeg(TransferSyntax syntax)
        => syntax.Keyword.StartsWith("JPEG", StringComparison.Ordinal) && !IsJpeg2000(syntax) && !syntax.Keyword.StartsWith("JPEGXL", StringComparison.Ordinal);

    private static string Name(TransferSyntax syntax) => syntax.Keyword.Length == 0 ? syntax.Uid : $"{syntax.Keyword} {syntax.Uid}";

    private static void CheckWhole(PixelFormat format, TransferSyntax syntax)
        => throw new ImagingException(
            ImagingErrorKind.NotAnImage, $"samples of {format.BitsAllocated} bits ({format.Kind}) cannot be in transfer syntax {Name(syntax)}");

    private static byte[] Inflate(PixelFormat format, byte[] stored)
    {
        var needed = (int)((format.PixelCount * format.Samples * format.BitsAllocated) + 7) / 8;
        var bytes = new byte[needed];
        using var inflated = new DeflateStream(new MemoryStream(stored), CompressionMode.Decompress);
        try
        {
            inflated.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw ImagingException.Corrupt("a deflated frame is damaged or too short", e);
        }
    }
}
