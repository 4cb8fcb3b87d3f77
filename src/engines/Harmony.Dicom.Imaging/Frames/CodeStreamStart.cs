namespace Harmony.Dicom.Imaging.Frames;

/// <summary>What compressed frames begin and end with: how a frame is recognised where no table tells.</summary>
internal enum CodeStreamStart
{
    /// <summary>Nothing: any bytes.</summary>
    Unknown,

    /// <summary>SOI of JPEG and JPEG-LS: FF D8.</summary>
    Jpeg,

    /// <summary>SOC and SIZ of JPEG 2000: FF 4F FF 51; or the box of a JP2 file, which some devices store.</summary>
    Jpeg2000,

    /// <summary>The header of RLE (PS3.5 §G.5): 1 to 15 segments, of which the first begins behind it.</summary>
    Rle,
}

internal static class CodeStreamStarts
{
    /// <summary>Bytes to read for <see cref="IsStart"/>.</summary>
    public const int Length = 8;

    public static bool IsStart(this CodeStreamStart kind, ReadOnlySpan<byte> bytes) => kind switch
    {
        CodeStreamStart.Jpeg => bytes is [0xFF, 0xD8, 0xFF, ..],
        CodeStreamStart.Jpeg2000 => bytes is [0xFF, 0x4F, 0xFF, 0x51, ..] or [0, 0, 0, 0x0C, 0x6A, 0x50, ..],
        CodeStreamStart.Rle => bytes is [>= 1 and <= 15, 0, 0, 0, 64, 0, 0, 0, ..],
        _ => false,
    };
}
