using System.Buffers;
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
        var isWhole = placement.IsWhole(format);
        if (!format.Photometric.IsMonochrome()) return Drawn(ColorScale.Render(dataSet, image, options.Depth), 3);
        var length = (int)(format.PixelCount * options.Depth / 8);
        if (isWhole) return Grey(new byte[length]);
        // What is scaled is needed no longer than that.
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            return Grey(rented);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        RenderedImage Grey(byte[] pixels)
        {
            GreyScale.Render(attributes, image, options, pixels);
            return Drawn(pixels, 1);
        }

        RenderedImage Drawn(byte[] pixels, int channels)
        {
            var rendered = new RenderedImage(format.Columns, format.Rows, channels, options.Depth, pixels)
            {
                IccProfile = options.KeepsIccProfile && channels == 3 ? ProfileOf(dataSet) : default
            };
            if (options.DrawsOverlays) Overlays.Draw(dataSet, frame, image, pixels, rendered.BytesPerPixel);
            return isWhole ? rendered : Resampler.Scale(rendered, placement.Region, placement.Width, placement.Height);
        }
    }

    /// <summary>(0028,2000), of the object or of its first optical path (PS3.3 §C.11.15, §C.8.12.5).</summary>
    private static ReadOnlyMemory<byte> ProfileOf(DicomDataSet dataSet)
    {
        if (dataSet.TryGet<DicomValue>(DicomTag.ICCProfile, out var profile)) return profile.Bytes;
        return dataSet.GetItems(DicomTag.OpticalPathSequence) is [var path, ..] && path.TryGet(DicomTag.ICCProfile, out profile) ? profile.Bytes : default;
    }
}

/// <summary>
/// What applies to a frame: in enhanced objects the functional groups of the frame, then those shared by all (PS3.3 §C.7.6.16), else the data set itself.
/// </summary>
internal sealed class FrameAttributes(DicomDataSet dataSet, int frame)
{
    private readonly DicomDataSet? _own = Item(dataSet, DicomTag.PerFrameFunctionalGroupsSequence, frame - 1);
    private readonly DicomDataSet? _shared = Item(dataSet, DicomTag.SharedFunctionalGroupsSequence, 0);

    /// <summary>The object.</summary>
    public DicomDataSet DataSet { get; } = dataSet;

    /// <summary>From 1.</summary>
    public int Frame { get; } = frame;

    /// <summary>Rescale slope and intercept, or a LUT.</summary>
    public DicomDataSet Modality => Group(DicomTag.PixelValueTransformationSequence);

    /// <summary>Window and VOI LUT.</summary>
    public DicomDataSet Voi => Group(DicomTag.FrameVOILUTSequence);

    /// <summary>Distances of pixels.</summary>
    public DicomDataSet Measures => Group(DicomTag.PixelMeasuresSequence);

    private DicomDataSet Group(DicomTag sequence) => Item(_own, sequence, 0) ?? Item(_shared, sequence, 0) ?? DataSet;

    private static DicomDataSet? Item(DicomDataSet? from, DicomTag sequence, int index)
        => from?.GetItems(sequence) is { } items && index < items.Count ? items[index] : null;
}
