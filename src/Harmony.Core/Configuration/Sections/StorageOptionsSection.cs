namespace Harmony.Core.Configuration;

/// <summary><c>[storage.options]</c>.</summary>
public sealed record StorageOptionsSection : ConfigNode
{
    /// <summary>Folder, relative to the working directory.</summary>
    [NotEmpty]
    public string Path { get; init; } = "./tmp";

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
