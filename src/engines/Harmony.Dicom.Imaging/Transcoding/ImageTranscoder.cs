using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Data;
using Harmony.Dicom.Files;
using Harmony.Dicom.Imaging.Codecs;
using Harmony.Dicom.Imaging.Rendering;

namespace Harmony.Dicom.Imaging.Transcoding;

/// <summary>
/// Encodes the pixels of objects in another transfer syntax, frame by frame. What loses nothing keeps the object the same one; what loses detail makes
/// another object, with a UID of its own and the attributes that say so (PS3.3 §C.7.6.1.1.5). Safe for concurrent use.
/// </summary>
/// <param name="decoder">Decodes the frames.</param>
public sealed class ImageTranscoder(FrameDecoder decoder)
{
    private const long MaxBasicOffset = uint.MaxValue;
    private const int ItemHeader = 8;

    /// <summary>The transfer syntaxes that can be made, from the most widely understood on.</summary>
    public static IReadOnlyList<TransferSyntax> Targets => FrameEncoder.Targets;

    /// <summary>Whether pixels in one transfer syntax can be given in another. Single objects may still be refused: JPEG baseline holds no 16 bits.</summary>
    /// <param name="source">How they are encoded.</param>
    /// <param name="target">How they are wanted.</param>
    /// <param name="allowsLoss">Whether detail may be lost.</param>
    public static bool CanTranscode(TransferSyntax source, TransferSyntax target, bool allowsLoss = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        return source.Uid == target.Uid
            || (FrameCodec.CanDecode(source) && Targets.Any(t => t.Uid == target.Uid) && (allowsLoss || !FrameEncoder.Loses(target)));
    }

    /// <summary>Whether encoding in a transfer syntax loses detail.</summary>
    public static bool Loses(TransferSyntax target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return FrameEncoder.Loses(target);
    }

    /// <summary>Encodes one frame, as <c>/frames</c> of DICOMweb gives them.</summary>
    /// <param name="image">The object.</param>
    /// <param name="frame">From 1.</param>
    /// <param name="target">How; uncompressed ones give the bytes in little endian order.</param>
    /// <param name="options">How much may be lost; null: nothing.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="ImagingException">The frame cannot be had or encoded; <see cref="ImagingException.Kind"/> says why.</exception>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public async ValueTask<byte[]> EncodeFrameAsync(
        DicomImage image, int frame, TransferSyntax target, TranscodeOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(target);
        options ??= TranscodeOptions.Default;
        if (image.Syntax.Uid == target.Uid && target.IsEncapsulated) return await image.ReadStoredAsync(frame, ct);
        CheckLoss(target, options);
        return (await EncodeAsync(image, frame, target, options, ct)).Bytes;
    }

    /// <summary>Encodes an object anew. One that has no pixels, or that only its elements have to be written otherwise for, is given back as it is.</summary>
    /// <param name="dataSet">The object.</param>
    /// <param name="source">How it is encoded.</param>
    /// <param name="target">How it is wanted.</param>
    /// <param name="options">How much may be lost; null: nothing.</param>
    /// <param name="limits">How large frames may be.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ImagingException">A frame cannot be had or encoded; <see cref="ImagingException.Kind"/> says why. Nothing is left behind.</exception>
    /// <exception cref="IOException">The file cannot be read any more, or the temporary one not written.</exception>
    public async ValueTask<TranscodedImage> TranscodeAsync(
        DicomDataSet dataSet, TransferSyntax source, TransferSyntax target, TranscodeOptions? options = null, ImageLimits? limits = null,
        CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        options ??= TranscodeOptions.Default;
        if (source.Uid == target.Uid || (!source.IsEncapsulated && !target.IsEncapsulated) || !DicomImage.HasPixels(dataSet))
            return new TranscodedImage(dataSet, target, null);
        CheckLoss(target, options);
        var image = DicomImage.Of(dataSet, source, limits);
        var frames = new FrameStore();
        try
        {
            PixelFormat? format = null;
            for (var frame = 1; frame <= image.FrameCount; frame++)
            {
                var encoded = await EncodeAsync(image, frame, target, options, ct);
                if (format is not null && format != encoded.Format) throw ImagingException.Corrupt($"frame {frame} has other colours than those before it");
                format = encoded.Format;
                await frames.AddAsync(encoded.Bytes, ct);
            }

            var change = new TranscodedAttributes(dataSet, source, target, format!, image.FrameCount);
            return new TranscodedImage(change.Apply(target.IsEncapsulated
                ? Fragments(frames)
                : frames.Joined(DicomTag.PixelData, format!.BitsAllocated > 8 ? Vr.OW : Vr.OB), frames.Length), target, frames);
        }
        catch
        {
            frames.Dispose();
            throw;
        }
    }

    private static void CheckLoss(TransferSyntax target, TranscodeOptions options)
    {
        if (FrameEncoder.Loses(target) && !options.AllowsLoss)
            throw new ImagingException(ImagingErrorKind.Unsupported, $"transfer syntax {target.Keyword} {target.Uid} is lossy, and lossy compression was "
                + "not requested");
    }

    private async ValueTask<EncodedFrame> EncodeAsync(DicomImage image, int frame, TransferSyntax target, TranscodeOptions options, CancellationToken ct)
    {
        if (image.IsCutOff(frame)) throw ImagingException.Corrupt($"the pixel data end within frame {frame}: what is missing would be made up");
        var decoded = await decoder.DecodeAsync(image, frame, ct);
        // Pixels that share colour differences no longer do; colours that were made for JPEG are made RGB again, which all systems show.
        if (decoded.Format.Photometric != PhotometricInterpretation.Rgb && decoded.Format.Samples == 3 && image.Syntax.IsLossy)
            decoded = ColorScale.ToRgb(decoded);
        else if (decoded.Format.Photometric == PhotometricInterpretation.YbrFull422)
            decoded = new FrameImage(decoded.Format with { Photometric = PhotometricInterpretation.YbrFull }, decoded.Bytes);
        return FrameEncoder.Encode(decoded, target, options);
    }

    /// <summary>One fragment for each frame; a basic offset table where offsets fit it.</summary>
    private static DicomFragments Fragments(FrameStore store)
    {
        var fragments = store.Frames();
        var (offsets, at) = (new List<uint>(fragments.Count), 0L);
        foreach (var fragment in fragments)
        {
            if (at > MaxBasicOffset) return new DicomFragments(DicomTag.PixelData, Vr.OB, [], fragments);
            offsets.Add((uint)at);
            at += ItemHeader + fragment.Length!.Value;
        }

        // The writer makes lengths even, and moves the offsets with them.
        return new DicomFragments(DicomTag.PixelData, Vr.OB, offsets, fragments);
    }
}

/// <summary>How pixels are encoded anew. By default nothing is lost.</summary>
public sealed record TranscodeOptions
{
    /// <summary>The defaults.</summary>
    public static TranscodeOptions Default { get; } = new();

    /// <summary>Whether detail may be lost. Without it, a transfer syntax that loses detail is refused. Default false.</summary>
    public bool AllowsLoss { get; init; }

    /// <summary>Of JPEG baseline: 1, small, to 100, fine. Default 90.</summary>
    public int JpegQuality
    {
        get;
        init => field = value is >= 1 and <= 100 ? value : throw new ArgumentOutOfRangeException(nameof(value), "1 to 100");
    } = 90;

    /// <summary>Of JPEG-LS near-lossless: how far each sample may be off. Default 2. 1 to 127.</summary>
    public int NearLossless
    {
        get;
        init => field = value is >= 1 and <= 127 ? value : throw new ArgumentOutOfRangeException(nameof(value), "1 to 127");
    } = 2;

    /// <summary>Of JPEG 2000 with loss: how many times smaller than uncompressed. Default 10. More than 1, to 1,000.</summary>
    public double Jpeg2000Ratio
    {
        get;
        init => field = value is > 1 and <= 1000 ? value : throw new ArgumentOutOfRangeException(nameof(value), "more than 1, to 1,000");
    } = 10;
}

/// <summary>An object whose pixels were encoded anew. Large ones are in a temporary file, which is deleted with this.</summary>
public sealed class TranscodedImage : IDisposable
{
    private readonly FrameStore? _frames;

    internal TranscodedImage(DicomDataSet dataSet, TransferSyntax syntax, FrameStore? frames) => (DataSet, Syntax, _frames) = (dataSet, syntax, frames);

    /// <summary>The data set. It is to be written before this is disposed.</summary>
    public DicomDataSet DataSet { get; }

    /// <summary>How it is encoded.</summary>
    public TransferSyntax Syntax { get; }

    /// <summary>A file of it, to write.</summary>
    /// <exception cref="ArgumentException">The data set has no SOP class or instance UID.</exception>
    public DicomFile ToFile() => DicomFile.Create(DataSet, Syntax);

    /// <inheritdoc/>
    public void Dispose() => _frames?.Dispose();
}
