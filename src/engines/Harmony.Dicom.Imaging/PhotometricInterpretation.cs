namespace Harmony.Dicom.Imaging;

/// <summary>What samples mean: (0028,0004), PS3.3 §C.7.6.3.1.2.</summary>
public enum PhotometricInterpretation
{
    /// <summary>Grey, the smallest value white.</summary>
    Monochrome1,

    /// <summary>Grey, the smallest value black.</summary>
    Monochrome2,

    /// <summary>Indices of a colour table.</summary>
    PaletteColor,

    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Luminance and two colour differences, full range.</summary>
    YbrFull,

    /// <summary>The same with half as many colour differences in each row.</summary>
    YbrFull422,

    /// <summary>Luminance 16 to 235, half as many colour differences in each row; retired.</summary>
    YbrPartial422,

    /// <summary>Luminance 16 to 235, half as many colour differences in rows and columns.</summary>
    YbrPartial420,

    /// <summary>The irreversible colour transform of JPEG 2000, undone by its decoder.</summary>
    YbrIct,

    /// <summary>The reversible colour transform of JPEG 2000, undone by its decoder.</summary>
    YbrRct,
}

/// <summary>The names of the standard.</summary>
public static class PhotometricInterpretations
{
    /// <summary>The value of (0028,0004).</summary>
    public static string ToText(this PhotometricInterpretation photometric) => photometric switch
    {
        PhotometricInterpretation.Monochrome1 => "MONOCHROME1",
        PhotometricInterpretation.Monochrome2 => "MONOCHROME2",
        PhotometricInterpretation.PaletteColor => "PALETTE COLOR",
        PhotometricInterpretation.Rgb => "RGB",
        PhotometricInterpretation.YbrFull => "YBR_FULL",
        PhotometricInterpretation.YbrFull422 => "YBR_FULL_422",
        PhotometricInterpretation.YbrPartial422 => "YBR_PARTIAL_422",
        PhotometricInterpretation.YbrPartial420 => "YBR_PARTIAL_420",
        PhotometricInterpretation.YbrIct => "YBR_ICT",
        PhotometricInterpretation.YbrRct => "YBR_RCT",
        _ => throw new ArgumentOutOfRangeException(nameof(photometric)),
    };

    /// <summary>Whether samples are grey values.</summary>
    public static bool IsMonochrome(this PhotometricInterpretation photometric)
        => photometric is PhotometricInterpretation.Monochrome1 or PhotometricInterpretation.Monochrome2;

    /// <summary>Reads a value of (0028,0004). Devices leave it out and write spaces, underscores and lower case where the standard does not.</summary>
    /// <exception cref="ImagingException">Unsupported: a retired one (HSV, ARGB, CMYK), or none at all.</exception>
    internal static PhotometricInterpretation Parse(string? text, int samples)
    {
        if (string.IsNullOrWhiteSpace(text)) return samples == 1 ? PhotometricInterpretation.Monochrome2 : PhotometricInterpretation.Rgb;
        var normal = text.Trim().ToUpperInvariant().Replace(' ', '_');
        return normal switch
        {
            "MONOCHROME1" => PhotometricInterpretation.Monochrome1,
            "MONOCHROME2" or "MONOCHROME" => PhotometricInterpretation.Monochrome2,
            "PALETTE_COLOR" or "PALETTE_COLOUR" => PhotometricInterpretation.PaletteColor,
            "RGB" => PhotometricInterpretation.Rgb,
            "YBR_FULL" => PhotometricInterpretation.YbrFull,
            "YBR_FULL_422" => PhotometricInterpretation.YbrFull422,
            "YBR_PARTIAL_422" => PhotometricInterpretation.YbrPartial422,
            "YBR_PARTIAL_420" => PhotometricInterpretation.YbrPartial420,
            "YBR_ICT" => PhotometricInterpretation.YbrIct,
            "YBR_RCT" => PhotometricInterpretation.YbrRct,
            _ => throw new ImagingException(
                ImagingErrorKind.Unsupported, "the photometric interpretation (0028,0004) is not one of the current edition of the standard"),
        };
    }
}
