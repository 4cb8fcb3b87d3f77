namespace Harmony.Dicom.Imaging.Transcoding;

/// <summary>How pixels are encoded anew. By default nothing is lost.</summary>
public sealed record TranscodeOptions
{
    /// <summary>The defaults.</summary>
    public static TranscodeOptions Default { get; } = new();

    /// <summary>Whether detail may be lost. Without it, a transfer syntax that loses detail is refused. Default false.</summary>
    public bool AllowsLoss { get; init; }

    /// <summary>Of JPEG baseline: 1, small, to 100, fine. Default 90.</summary>
    public int JpegQuality
    {
        get;
        init => field = value is >= 1 and <= 100 ? value : throw new ArgumentOutOfRangeException(nameof(value), "1 to 100");
    } = 90;

    /// <summary>Of JPEG-LS near-lossless: how far each sample may be off. Default 2. 1 to 127.</summary>
    public int NearLossless
    {
        get;
        init => field = value is >= 1 and <= 127 ? value : throw new ArgumentOutOfRangeException(nameof(value), "1 to 127");
    } = 2;

    /// <summary>Of JPEG 2000 with loss: how many times smaller than uncompressed. Default 10. More than 1, to 1,000.</summary>
    public double Jpeg2000Ratio
    {
        get;
        init => field = value is > 1 and <= 1000 ? value : throw new ArgumentOutOfRangeException(nameof(value), "more than 1, to 1,000");
    } = 10;
}
