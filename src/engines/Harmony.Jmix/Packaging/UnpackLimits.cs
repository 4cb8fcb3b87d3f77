namespace Harmony.Jmix.Packaging;

/// <summary>Limits of the files of a package.</summary>
public sealed record UnpackLimits
{
    /// <summary>The length of all files together, bytes. 64 GiB by default.</summary>
    public long MaxBytes { get; init; } = 64L << 30;

    /// <summary>The number of entries. 200,000 by default.</summary>
    public int MaxEntries { get; init; } = 200_000;

    /// <summary>The ratio of the length of the files to that of the archive. 200 by default; images compress to a third, text to a tenth.</summary>
    public int MaxRatio { get; init; } = 200;

    /// <summary>The default limits.</summary>
    public static UnpackLimits Default { get; } = new();
}
