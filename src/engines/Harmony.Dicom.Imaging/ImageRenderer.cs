using Harmony.Dicom.Imaging.Files;
using Harmony.Dicom.Imaging.Rendering;

namespace Harmony.Dicom.Imaging;

/// <summary>From objects to image files: reads, decodes, renders and encodes. Safe for concurrent use; one for a process is right.</summary>
/// <param name="decoder">Decodes the frames.</param>
public sealed class ImageRenderer(FrameDecoder decoder)
{
    private const int MaxAnimation = 1000;

    /// <summary>Renders a frame without making a file of it.</summary>
    /// <param name="image">The object.</param>
    /// <param name="frame">From 1.</param>
    /// <param name="options">How; null: as the object says.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="ImagingException">The frame cannot be had or rendered; <see cref="ImagingException.Kind"/> says why.</exception>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public async ValueTask<RenderedImage> RenderAsync(DicomImage image, int frame, RenderOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return FrameRenderer.Render(image.DataSet, await decoder.DecodeAsync(image, frame, ct), frame, options);
    }

    /// <summary>Renders a frame to a file.</summary>
    /// <inheritdoc cref="RenderAsync(DicomImage, int, RenderOptions?, CancellationToken)"/>
    /// <param name="image">The object.</param>
    /// <param name="frame">From 1.</param>
    /// <param name="format">Which kind of file.</param>
    /// <param name="options">How; null: as the object says.</param>
    /// <param name="quality">Of JPEG, 1 to 100.</param>
    /// <param name="ct">Ends the wait.</param>
    public async ValueTask<byte[]> RenderFileAsync(
        DicomImage image, int frame, ImageFileFormat format, RenderOptions? options = null, int quality = ImageFile.DefaultQuality,
        CancellationToken ct = default)
        => ImageFile.Write(await RenderAsync(image, frame, options, ct), format, quality);

    /// <summary>A small JPEG of a frame, or of the representative one: at most this wide and high, never larger than the image, without overlays.</summary>
    /// <param name="image">The object.</param>
    /// <param name="maxWidth">Pixels.</param>
    /// <param name="maxHeight">Pixels.</param>
    /// <param name="frame">From 1; null: the representative one.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="ImagingException">The frame cannot be had or rendered; <see cref="ImagingException.Kind"/> says why.</exception>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public ValueTask<byte[]> ThumbnailAsync(DicomImage image, int maxWidth = 128, int maxHeight = 128, int? frame = null, CancellationToken ct = default)
    {
        var options = new RenderOptions { MaxWidth = maxWidth, MaxHeight = maxHeight, Enlarges = false, DrawsOverlays = false, KeepsIccProfile = false };
        return RenderFileAsync(image, frame ?? Representative.FrameOf(image), ImageFileFormat.Jpeg, options, 85, ct);
    }

    /// <summary>All frames as one GIF that moves.</summary>
    /// <param name="image">The object; at most 1,000 frames.</param>
    /// <param name="options">How; null: as the object says.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ImagingException">TooLarge: there are more frames; or one cannot be had or rendered.</exception>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public async ValueTask<byte[]> AnimationAsync(DicomImage image, RenderOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.FrameCount > MaxAnimation)
            throw new ImagingException(ImagingErrorKind.TooLarge, $"an animation has at most {MaxAnimation} frames; the object has {image.FrameCount}");
        var images = new List<RenderedImage>(image.FrameCount);
        for (var frame = 1; frame <= image.FrameCount; frame++) images.Add(await RenderAsync(image, frame, options, ct));
        return ImageFile.WriteAnimation(images, Representative.FrameTimeOf(image));
    }
}
