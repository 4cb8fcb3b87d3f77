namespace Harmony.Core.Configuration;

/// <summary><c>[storage]</c>: the gateway's work area.</summary>
public sealed record StorageSection : ConfigNode
{
    /// <summary>Kind of store.</summary>
    [AllowedValues("filesystem", "s3", "memory")]
    public string Backend { get; init; } = "filesystem";

    /// <summary>What the kind needs.</summary>
    public StorageOptionsSection Options { get; init; } = new();
}
