namespace Harmony.Dicom.Imaging;

/// <summary>How large images may be. All sizes are computed in 64 bits and compared before anything is allocated.</summary>
public sealed record ImageLimits
{
    /// <summary>The defaults, for objects from anywhere.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>Rows × columns of a frame. Default 2^28 (16,384 × 16,384). 1 to 2^30.</summary>
    public long MaxPixels
    {
        get;
        init => field = value is >= 1 and <= 1L << 30 ? value : throw new ArgumentOutOfRangeException(nameof(value), "1 to 2^30");
    } = 1L << 28;

    /// <summary>The bytes of one decoded frame: rows × columns × samples × bytes of a sample. Default 1 GiB. 1 to 2 GiB - 64 KiB.</summary>
    public long MaxFrameLength
    {
        get;
        init => field = value is >= 1 and <= int.MaxValue - (64 * 1024) ? value : throw new ArgumentOutOfRangeException(nameof(value), "1 to 2 GiB - 64 KiB");
    } = 1L << 30;

    /// <summary>The bytes of one compressed frame. Default 512 MiB. 1 to 2 GiB - 64 KiB.</summary>
    public long MaxCodeStreamLength
    {
        get;
        init => field = value is >= 1 and <= int.MaxValue - (64 * 1024) ? value : throw new ArgumentOutOfRangeException(nameof(value), "1 to 2 GiB - 64 KiB");
    } = 1L << 29;

    /// <summary>
    /// How many pixels an image may have for each byte of its compressed frame: a code stream of 100 bytes that claims 100 megapixels is refused before it is
    /// decoded. Frames of up to 4 megapixels are always accepted. Default 20,000. At least 1.
    /// </summary>
    public long MaxPixelsPerByte
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), "at least 1");
    } = 20_000;

    private const long AlwaysAccepted = 4L << 20;

    internal void CheckExpansion(PixelFormat format, long codeStreamLength)
    {
        if (format.PixelCount > AlwaysAccepted && format.PixelCount / MaxPixelsPerByte > codeStreamLength)
        {
            throw new ImagingException(
                ImagingErrorKind.TooLarge, $"a compressed frame of {codeStreamLength} bytes claims {format.Columns} × {format.Rows} pixels");
        }
    }
}
