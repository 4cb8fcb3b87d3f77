namespace Harmony.Core.Configuration;

/// <summary><c>[storage]</c>: where the gateway keeps its own files, packages and objects.</summary>
public sealed record StorageSection : ConfigNode
{
    /// <summary>
    /// Where JMIX packages and the objects of <c>storage</c> backends without a <c>root</c> are kept: below the folder <c>path</c> (<c>filesystem</c>), in a
    /// bucket (<c>s3</c>), or in memory until the gateway stops (<c>memory</c>, at most 256 MiB each). The gateway's own files always stay in <c>path</c>:
    /// tokens, the history of configurations, indexes, retrievals, incomplete uploads.
    /// </summary>
    [AllowedValues("filesystem", "s3", "memory")]
    public string Backend { get; init; } = "filesystem";

    /// <summary>Options of that kind.</summary>
    public StorageOptionsSection Options { get; init; } = new();
}

/// <summary><c>[storage.options]</c>.</summary>
public sealed record StorageOptionsSection : ConfigNode
{
    /// <summary>
    /// Folder, relative to the working directory. When absent, the first of these that applies: <c>$STATE_DIRECTORY</c>, which systemd sets;
    /// <c>$XDG_STATE_HOME/harmony</c>; <c>/var/lib/harmony</c> for root; <c>~/.local/state/harmony</c>.
    /// </summary>
    [NotEmpty]
    public string? Path { get; init; }

    /// <summary>S3 bucket, for <c>s3</c>.</summary>
    public string? Bucket { get; init; }

    /// <summary>Prefix of all keys in the bucket.</summary>
    [NotEmpty]
    public string? Prefix { get; init; }

    /// <summary>S3 region; <c>us-east-1</c> when absent.</summary>
    public string? Region { get; init; }

    /// <summary>
    /// S3 access key id. When absent, the AWS environment variables, the credentials file or the role of the machine provide the credentials.
    /// </summary>
    public string? AccessKeyId { get; init; }

    /// <summary>S3 secret access key.</summary>
    [Secret]
    public string? SecretAccessKey { get; init; }

    /// <summary>URL of another server with the S3 protocol, instead of Amazon's.</summary>
    public string? Endpoint { get; init; }
}
