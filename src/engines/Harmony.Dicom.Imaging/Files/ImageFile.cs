using Harmony.Dicom.Imaging.Rendering;

namespace Harmony.Dicom.Imaging.Files;

/// <summary>A kind of image file that browsers and viewers can show.</summary>
public enum ImageFileFormat
{
    /// <summary><c>image/jpeg</c>, 8 bits.</summary>
    Jpeg,

    /// <summary><c>image/png</c>, without loss, 8 or 16 bits.</summary>
    Png,

    /// <summary><c>image/gif</c>, one image or several that follow each other; colours are reduced to 252.</summary>
    Gif,
}

/// <summary>Rendered images as files.</summary>
public static class ImageFile
{
    /// <summary>The default quality of JPEG.</summary>
    public const int DefaultQuality = 90;

    /// <summary>The media type of a format.</summary>
    public static string MediaType(this ImageFileFormat format) => format switch
    {
        ImageFileFormat.Jpeg => "image/jpeg",
        ImageFileFormat.Png => "image/png",
        ImageFileFormat.Gif => "image/gif",
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>Makes a file of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="format">Which kind of file.</param>
    /// <param name="quality">Of JPEG: 1, small, to 100, fine. Others are without loss and ignore it.</param>
    /// <exception cref="ImagingException">BadRequest: the quality is out of range, or the format has no samples of 16 bits.</exception>
    public static byte[] Write(RenderedImage image, ImageFileFormat format, int quality = DefaultQuality)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (quality is < 1 or > 100) throw new ImagingException(ImagingErrorKind.BadRequest, "the quality of a JPEG image is 1 to 100");
        if (format != ImageFileFormat.Png && image.Depth != 8)
            throw new ImagingException(ImagingErrorKind.BadRequest, $"{format.MediaType()} has samples of 8 bits; image/png has 16, too");
        return format switch
        {
            ImageFileFormat.Jpeg => JpegWriter.Write(image, quality),
            ImageFileFormat.Png => PngWriter.Write(image),
            _ => GifWriter.Write([image], 0),
        };
    }

    /// <summary>Makes a GIF of several images of the same size.</summary>
    /// <param name="images">At least one, of 8 bits.</param>
    /// <param name="frameTime">How long each is shown; 10 ms to 10 minutes.</param>
    public static byte[] WriteAnimation(IReadOnlyList<RenderedImage> images, TimeSpan frameTime)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Count == 0) throw new ArgumentException("there is no image", nameof(images));
        return GifWriter.Write(images, (int)Math.Clamp(frameTime.TotalMilliseconds / 10, 1, 60_000));
    }
}
