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

/// <summary><c>[storage.options]</c>.</summary>
public sealed record StorageOptionsSection : ConfigNode
{
    /// <summary>
    /// Folder, relative to the working directory. When absent: <c>$STATE_DIRECTORY</c>, which systemd sets; <c>$XDG_STATE_HOME/harmony</c>; <c>/var/lib/harmony</c> for root;
    /// <c>~/.local/state/harmony</c>.
    /// </summary>
    [NotEmpty]
    public string? Path { get; init; }

    /// <summary>S3 bucket.</summary>
    public string? Bucket { get; init; }

    /// <summary>S3 region.</summary>
    public string? Region { get; init; }

    /// <summary>S3 access key id.</summary>
    public string? AccessKeyId { get; init; }

    /// <summary>S3 secret access key.</summary>
    [Secret]
    public string? SecretAccessKey { get; init; }

    /// <summary>URL of an S3-compatible server.</summary>
    public string? Endpoint { get; init; }
}
