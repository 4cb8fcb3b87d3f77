namespace Harmony.Jmix.Packaging;

/// <summary>How much a package may unpack to.</summary>
public sealed record UnpackLimits
{
    /// <summary>The length of all files together, bytes. 64 GiB by default.</summary>
    public long MaxBytes { get; init; } = 64L << 30;

    /// <summary>The number of entries. 200,000 by default.</summary>
    public int MaxEntries { get; init; } = 200_000;

    /// <summary>How many times longer than the archive the files may be. 200 by default; images compress to a third, text to a tenth.</summary>
    public int MaxRatio { get; init; } = 200;

    /// <summary>The limits of an installation that says nothing.</summary>
    public static UnpackLimits Default { get; } = new();
}
