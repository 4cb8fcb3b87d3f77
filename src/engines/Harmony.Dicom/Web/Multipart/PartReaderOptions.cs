namespace Harmony.Dicom.Web.Multipart;

/// <summary>Limits of what is read of a multipart body. The content of parts has none: it streams.</summary>
public sealed record PartReaderOptions
{
    /// <summary>The defaults.</summary>
    public static PartReaderOptions Default { get; } = new();

    /// <summary>Most parts. Default 100,000.</summary>
    public int MaxParts { get; init; } = 100_000;

    /// <summary>Most bytes of the fields of a part. Default 16 KiB.</summary>
    public int MaxHead { get; init; } = 16 * 1024;

    /// <summary>Most fields of a part. Default 32.</summary>
    public int MaxFields { get; init; } = 32;
}
