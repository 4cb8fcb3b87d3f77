using Harmony.Dicom.Coding;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Data;
using Harmony.Dicom.Files;
using Harmony.Dicom.Imaging.Codecs;
using Harmony.Dicom.Imaging.Frames;

namespace Harmony.Dicom.Imaging;

/// <summary>
/// The pixels of an object. Frames are read one at a time from where the pixel data are: an object of gigabytes in a file needs the memory of one frame.
/// It holds nothing open, does not change, and may be shared between threads.
/// </summary>
public sealed class DicomImage
{
    private readonly IFrameSource _frames;

    private DicomImage(DicomDataSet dataSet, TransferSyntax syntax, ImageLimits limits, PixelFormat format, IFrameSource frames)
        => (DataSet, Syntax, Limits, Format, _frames) = (dataSet, syntax, limits, format, frames);

    /// <summary>What the object says.</summary>
    public DicomDataSet DataSet { get; }

    /// <summary>How its pixels are encoded.</summary>
    public TransferSyntax Syntax { get; }

    /// <summary>How large its frames may be.</summary>
    public ImageLimits Limits { get; }

    /// <summary>How its pixels are laid out, as the data set says: what a decoder gives is in <see cref="FrameImage.Format"/>.</summary>
    public PixelFormat Format { get; }

    /// <summary>How many frames there are: (0028,0008), or 1.</summary>
    public int FrameCount => _frames.Count;

    /// <summary>Whether there are pixel data at all, of whatever kind.</summary>
    public static bool HasPixels(DicomDataSet dataSet)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        return dataSet.Contains(DicomTag.PixelData) || dataSet.Contains(DicomTag.FloatPixelData) || dataSet.Contains(DicomTag.DoubleFloatPixelData);
    }

    /// <summary>Opens a file; pixel data stay in it.</summary>
    /// <exception cref="ImagingException">The object is no image, or larger than allowed.</exception>
    /// <exception cref="DicomFormatException">The file is no DICOM file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async ValueTask<DicomImage> OpenAsync(string path, ImageLimits? limits = null, CancellationToken ct = default)
    {
        var file = await DicomFile.OpenAsync(path, null, ct);
        return Of(file.DataSet, file.TransferSyntax, limits);
    }

    /// <summary>The pixels of a data set.</summary>
    /// <exception cref="ImagingException">The object is no image, or larger than allowed.</exception>
    public static DicomImage Of(DicomDataSet dataSet, TransferSyntax syntax, ImageLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        ArgumentNullException.ThrowIfNull(syntax);
        limits ??= ImageLimits.Default;
        var pixels = PixelsOf(dataSet);
        var count = dataSet.GetInt32(DicomTag.NumberOfFrames) ?? 1;
        if (count == 0) count = 1; // written by devices that mean one
        if (count < 0) throw new ImagingException(ImagingErrorKind.NotAnImage, "the number of frames (0028,0008) is negative");
        if (pixels is DicomFragments && FrameCodec.IsVideo(syntax))
            return new DicomImage(dataSet, syntax, limits, PixelFormat.Of(dataSet, limits), new VideoFrames(count, syntax));
        var format = PixelFormat.Of(dataSet, limits);
        if (pixels is DicomFragments fragments)
            return new DicomImage(dataSet, syntax, limits, format, new EncapsulatedFrames(fragments, dataSet, count, FrameCodec.StartOf(syntax), limits));
        var data = pixels switch
        {
            DicomValue value => new MemoryBulkData(value.Bytes),
            DicomBulkValue bulk => bulk.Data,
            _ => throw new ImagingException(ImagingErrorKind.NotAnImage, "the pixel data are neither a value nor fragments"),
        };
        var swap = data.IsBigEndian ? pixels.Vr.WordSize() : syntax.HasBigEndianPixels && format.BitsAllocated > 8 ? 2 : 1;
        return new DicomImage(dataSet, syntax, limits, format, new NativeFrames(format, data, count, swap));
    }

    /// <summary>
    /// Reads a frame as it is stored: its code stream, or its uncompressed bytes in little endian order, samples of 1 bit from the first bit on. Fragments
    /// are joined, padding at the end is kept.
    /// </summary>
    /// <param name="frame">From 1.</param>
    /// <param name="ct">Ends the reading.</param>
    /// <exception cref="ImagingException">
    /// There is no such frame, the pixel data end before the frame begins, or it is not known which fragments are whose.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public ValueTask<byte[]> ReadStoredAsync(int frame, CancellationToken ct = default)
    {
        if (frame < 1 || frame > FrameCount)
            throw new ImagingException(ImagingErrorKind.NoSuchFrame, $"there is no frame {frame}: the object has {FrameCount}");
        return _frames.ReadAsync(frame - 1, ct);
    }

    /// <summary>
    /// Whether uncompressed pixel data end within a frame, so that the rest of the frame is zeros. Such frames are shown, as other systems show them, and not
    /// encoded anew.
    /// </summary>
    /// <param name="frame">From 1.</param>
    public bool IsCutOff(int frame) => _frames is NativeFrames native && native.IsCutOff(frame - 1);

    /// <summary>Whether frames are fragments: code streams of a codec, or bytes that were put into fragments as they are.</summary>
    internal bool IsCompressed => _frames is not NativeFrames;

    internal bool IsSubsampled => _frames is NativeFrames { IsSubsampled: true };

    private static DicomElement PixelsOf(DicomDataSet dataSet)
    {
        if (dataSet.TryGet(DicomTag.PixelData, out var pixels) || dataSet.TryGet(DicomTag.FloatPixelData, out pixels)
            || dataSet.TryGet(DicomTag.DoubleFloatPixelData, out pixels))
        {
            return pixels.IsEmpty ? throw new ImagingException(ImagingErrorKind.NotAnImage, "the pixel data of the object are empty") : pixels;
        }

        throw new ImagingException(ImagingErrorKind.NotAnImage, dataSet.Contains(DicomTag.PixelDataProviderURL)
            ? "the pixel data of the object are elsewhere: it only has their address (0028,7FE0)"
            : "the object is no image: it has no pixel data");
    }
}

/// <summary>
/// A decoded frame: samples of a pixel beside each other, rows from the top, each sample in <see cref="PixelFormat.BytesPerSample"/> bytes, least significant
/// first. Where the object is uncompressed, samples are as they are stored, with bits above <see cref="PixelFormat.HighBit"/> and all.
/// </summary>
/// <param name="format">What they are: its photometric interpretation is what was decoded to, and it is never planar.</param>
/// <param name="samples">The bytes; as many as <see cref="PixelFormat.FrameLength"/> says.</param>
public sealed class FrameImage(PixelFormat format, byte[] samples)
{
    /// <summary>What the samples are.</summary>
    public PixelFormat Format { get; } = format;

    /// <summary>The samples.</summary>
    public ReadOnlyMemory<byte> Samples => Bytes;

    internal byte[] Bytes { get; } = samples;
}
