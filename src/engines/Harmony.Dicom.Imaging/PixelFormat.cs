using Harmony.Dicom.Data;

namespace Harmony.Dicom.Imaging;

/// <summary>What kind of numbers samples are.</summary>
public enum SampleKind
{
    /// <summary>Integers: (7FE0,0010).</summary>
    Integer,

    /// <summary>Real numbers of 32 bits: (7FE0,0008).</summary>
    Float,

    /// <summary>Real numbers of 64 bits: (7FE0,0009).</summary>
    Double,
}

/// <summary>
/// How the pixels of an object are laid out: PS3.3 §C.7.6.3, PS3.5 §8. Read from a data set, its values have been checked against each other.
/// </summary>
public sealed record PixelFormat
{
    /// <summary>(0028,0010).</summary>
    public required int Rows { get; init; }

    /// <summary>(0028,0011).</summary>
    public required int Columns { get; init; }

    /// <summary>(0028,0002): 1 for grey, 3 for colour.</summary>
    public required int Samples { get; init; }

    /// <summary>(0028,0100): bits that a sample takes. 1 to 64.</summary>
    public required int BitsAllocated { get; init; }

    /// <summary>(0028,0101): bits of a sample that are its value.</summary>
    public required int BitsStored { get; init; }

    /// <summary>(0028,0102): the place of the most significant of them.</summary>
    public required int HighBit { get; init; }

    /// <summary>(0028,0103): whether values are in two's complement.</summary>
    public bool IsSigned { get; init; }

    /// <summary>(0028,0006): whether all red samples come first, then all green, then all blue.</summary>
    public bool IsPlanar { get; init; }

    /// <summary>(0028,0004).</summary>
    public required PhotometricInterpretation Photometric { get; init; }

    /// <summary>Which of the three pixel data elements there is.</summary>
    public SampleKind Kind { get; init; }

    /// <summary>Rows × columns.</summary>
    public long PixelCount => (long)Rows * Columns;

    /// <summary>Bytes of a sample once decoded: 1, 2, 4 or 8.</summary>
    public int BytesPerSample => BitsAllocated switch { <= 8 => 1, <= 16 => 2, <= 32 => 4, _ => 8 };

    /// <summary>Bytes of a decoded frame.</summary>
    public long FrameLength => PixelCount * Samples * BytesPerSample;

    /// <summary>Reads what a data set says about its pixels.</summary>
    /// <exception cref="ImagingException">It has none, or they cannot be as it says, or are larger than allowed.</exception>
    public static PixelFormat Of(DicomDataSet dataSet, ImageLimits limits)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        ArgumentNullException.ThrowIfNull(limits);
        var kind = dataSet.Contains(DicomTag.FloatPixelData)
            ? SampleKind.Float
            : dataSet.Contains(DicomTag.DoubleFloatPixelData) ? SampleKind.Double : SampleKind.Integer;
        var samples = dataSet.GetInt32(DicomTag.SamplesPerPixel) ?? 1;
        var allocated = dataSet.GetInt32(DicomTag.BitsAllocated)
            ?? kind switch { SampleKind.Float => 32, SampleKind.Double => 64, _ => throw NoValue(DicomTag.BitsAllocated) };
        var stored = kind == SampleKind.Integer ? dataSet.GetInt32(DicomTag.BitsStored) ?? allocated : allocated;
        var format = new PixelFormat
        {
            Rows = dataSet.GetInt32(DicomTag.Rows) ?? throw NoValue(DicomTag.Rows),
            Columns = dataSet.GetInt32(DicomTag.Columns) ?? throw NoValue(DicomTag.Columns),
            Samples = samples,
            BitsAllocated = allocated,
            BitsStored = stored,
            HighBit = kind == SampleKind.Integer ? dataSet.GetInt32(DicomTag.HighBit) ?? stored - 1 : allocated - 1,
            IsSigned = kind != SampleKind.Integer || dataSet.GetInt32(DicomTag.PixelRepresentation) == 1,
            IsPlanar = samples > 1 && dataSet.GetInt32(DicomTag.PlanarConfiguration) == 1,
            Photometric = PhotometricInterpretations.Parse(dataSet.GetString(DicomTag.PhotometricInterpretation), samples),
            Kind = kind,
        };
        format.Check(limits);
        return format;
    }

    private static ImagingException NoValue(DicomTag tag) => new(ImagingErrorKind.NotAnImage, $"the object is no image: {tag} is missing");

    private void Check(ImageLimits limits)
    {
        if (Rows < 1 || Columns < 1)
            throw new ImagingException(ImagingErrorKind.NotAnImage, $"the object is no image: it has {Columns} columns and {Rows} rows");
        if (Samples is not (1 or 3))
            throw new ImagingException(ImagingErrorKind.Unsupported, $"{Samples} samples per pixel (0028,0002): 1 and 3 are supported");
        if (Samples == 1 != (Photometric.IsMonochrome() || Photometric == PhotometricInterpretation.PaletteColor))
        {
            throw new ImagingException(
                ImagingErrorKind.NotAnImage, $"the photometric interpretation {Photometric.ToText()} contradicts {Samples} samples per pixel");
        }

        if (BitsAllocated is < 1 or > 64 || BitsStored < 1 || BitsStored > BitsAllocated || HighBit < BitsStored - 1 || HighBit >= BitsAllocated)
        {
            throw new ImagingException(
                ImagingErrorKind.NotAnImage, $"{BitsAllocated} bits allocated, {BitsStored} stored and high bit {HighBit} contradict each other");
        }

        if (Kind != SampleKind.Integer && BitsAllocated != (Kind == SampleKind.Float ? 32 : 64))
        {
            throw new ImagingException(ImagingErrorKind.NotAnImage, $"{BitsAllocated} bits allocated contradict real numbers as pixels");
        }

        if (PixelCount > limits.MaxPixels || FrameLength > limits.MaxFrameLength)
        {
            throw new ImagingException(
                ImagingErrorKind.TooLarge, $"a frame of {Columns} × {Rows} pixels, {FrameLength} bytes, is larger than the limits allow");
        }
    }
}
