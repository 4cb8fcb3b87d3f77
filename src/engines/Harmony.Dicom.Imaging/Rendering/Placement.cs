using System.Runtime.InteropServices;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Imaging.Rendering;

/// <summary>Which part of an image is shown, and in which size: PS3.18 §8.3.5.1.3.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Placement(ImageRegion Region, int Width, int Height)
{
    private const int MaxSide = 16384;

    /// <exception cref="ImagingException">BadRequest: the region is empty or outside of the image, or the size is out of range.</exception>
    public static Placement Of(FrameAttributes attributes, PixelFormat format, RenderOptions options)
    {
        var region = options.Region ?? new ImageRegion(0, 0, format.Columns, format.Rows);
        Check(region.Left, region.Width, format.Columns);
        Check(region.Top, region.Height, format.Rows);
        var (width, height) = (Math.Max(1, Math.Abs(region.Width)), Math.Max(1, Math.Abs(region.Height)));
        if (options.MaxWidth is null && options.MaxHeight is null) return new(region, (int)Math.Round(width), (int)Math.Round(height));
        if (options.MaxWidth is < 1 or > MaxSide || options.MaxHeight is < 1 or > MaxSide)
            throw new ImagingException(ImagingErrorKind.BadRequest, $"the width and height of a rendered image are 1 to {MaxSide}");
        height *= AspectRatio(attributes);
        var scale = Math.Min((options.MaxWidth ?? double.MaxValue) / width, (options.MaxHeight ?? double.MaxValue) / height);
        if (!options.Enlarges) scale = Math.Min(scale, 1);
        return new(region, Side(width * scale, options.MaxWidth), Side(height * scale, options.MaxHeight));
    }

    /// <summary>Whether the image is shown whole and in its own size.</summary>
    public bool IsWhole(PixelFormat format) => Region == new ImageRegion(0, 0, format.Columns, format.Rows) && Width == format.Columns && Height == format.Rows;

    private static int Side(double exact, int? max) => Math.Clamp((int)Math.Round(exact), 1, Math.Min(max ?? MaxSide, MaxSide));

    private static void Check(double start, double length, int available)
    {
        if (!double.IsFinite(start) || !double.IsFinite(length) || length == 0) throw Outside();
        var (from, to) = length < 0 ? (start + length, start) : (start, start + length);
        // Half a pixel is left to those that compute regions from fractions.
        if (from < -0.5 || to > available + 0.5) throw Outside();
    }

    private static ImagingException Outside() => new(ImagingErrorKind.BadRequest, "the region to render is empty or outside of the image");

    /// <summary>How much higher than wide a pixel is: by the distances of pixels, or their ratio.</summary>
    private static double AspectRatio(FrameAttributes attributes)
    {
        foreach (var (from, tag) in (ReadOnlySpan<(DicomDataSet, DicomTag)>)[
            (attributes.Measures, DicomTag.PixelSpacing), (attributes.DataSet, DicomTag.PixelSpacing), (attributes.DataSet, DicomTag.ImagerPixelSpacing),
            (attributes.DataSet, DicomTag.NominalScannedPixelSpacing), (attributes.DataSet, DicomTag.PixelAspectRatio)])
        {
            if (!from.TryGet<DicomValue>(tag, out var value) || !value.TryGetDouble(0, out var vertical) || !value.TryGetDouble(1, out var horizontal))
                continue;
            var ratio = vertical / horizontal;
            if (double.IsFinite(ratio) && ratio is > 0.01 and < 100) return ratio;
        }

        return 1;
    }
}
