using Harmony.Dicom.Data;

namespace Harmony.Dicom.Imaging.Rendering;

/// <summary>Renders decoded frames to what people see.</summary>
public static class FrameRenderer
{
    /// <summary>Renders a frame.</summary>
    /// <param name="dataSet">The object it is of.</param>
    /// <param name="image">The frame, decoded.</param>
    /// <param name="frame">Its number, from 1.</param>
    /// <param name="options">How; null: as the object says.</param>
    /// <exception cref="ImagingException">BadRequest: the options ask for what cannot be. NotAnImage: a colour table is missing.</exception>
    public static RenderedImage Render(DicomDataSet dataSet, FrameImage image, int frame, RenderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        ArgumentNullException.ThrowIfNull(image);
        options ??= RenderOptions.Default;
        if (options.Depth is not (8 or 16)) throw new ImagingException(ImagingErrorKind.BadRequest, "samples of a rendered image have 8 or 16 bits");
        var format = image.Format;
        var attributes = new FrameAttributes(dataSet, frame);
        var placement = Placement.Of(attributes, format, options);
        var isGrey = format.Photometric.IsMonochrome();
        var pixels = isGrey ? GreyScale.Render(attributes, image, options) : ColorScale.Render(dataSet, image, options.Depth);
        var rendered = new RenderedImage(format.Columns, format.Rows, isGrey ? 1 : 3, options.Depth, pixels)
        {
            IccProfile = options.KeepsIccProfile && !isGrey ? ProfileOf(dataSet) : default
        };
        if (options.DrawsOverlays) Overlays.Draw(dataSet, frame, image, pixels, rendered.BytesPerPixel);
        return placement.IsWhole(format) ? rendered : Resampler.Scale(rendered, placement.Region, placement.Width, placement.Height);
    }

    /// <summary>(0028,2000), of the object or of its first optical path (PS3.3 §C.11.15, §C.8.12.5).</summary>
    private static ReadOnlyMemory<byte> ProfileOf(DicomDataSet dataSet)
    {
        if (dataSet.TryGet<DicomValue>(DicomTag.ICCProfile, out var profile)) return profile.Bytes;
        return dataSet.GetItems(DicomTag.OpticalPathSequence) is [var path, ..] && path.TryGet(DicomTag.ICCProfile, out profile) ? profile.Bytes : default;
    }
}
