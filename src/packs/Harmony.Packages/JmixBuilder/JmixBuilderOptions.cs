using Harmony.Core.Configuration;

namespace Harmony.Packages.JmixBuilder;

/// <summary><c>[middleware.NAME.options]</c> of a <c>jmix_builder</c>.</summary>
public sealed record JmixBuilderOptions : ConfigNode
{
    /// <summary>Folder of the package store; <c>jmix-store</c> in the folder of <c>[storage]</c> when absent.</summary>
    [NotEmpty]
    public string? StoreDir { get; init; }

    /// <summary>Leaves hashes out of packages.</summary>
    public bool SkipHashing { get; init; }

    /// <summary>Leaves DICOM objects out of <c>files.json</c>; other files are always listed.</summary>
    public bool SkipListing { get; init; }

    /// <summary>Whether files in packages are compressed (<c>deflate</c>) or stored as they are (<c>store</c>), which is faster and larger.</summary>
    [AllowedValues("deflate", "store")]
    public string Compression { get; init; } = "deflate";

    /// <summary>Identifier of the sender in packages.</summary>
    [NotEmpty]
    public string SenderId { get; init; } = "org:harmony-proxy";

    /// <summary>Name of the sender.</summary>
    [NotEmpty]
    public string SenderName { get; init; } = "Harmony Proxy";

    /// <summary>Identifier of the receiver in packages.</summary>
    [NotEmpty]
    public string ReceiverId { get; init; } = "org:unknown";

    /// <summary>How confidential packages are.</summary>
    [AllowedValues("confidential", "sensitive", "de-identified")]
    public string Classification { get; init; } = "confidential";

    /// <summary>Dialect of JMIX that the receiver reads; <c>harmony jmix doctor</c> names the dialect of a package.</summary>
    [AllowedValues("specification", "jmix-rs", "jmix-php")]
    public string Form { get; init; } = "specification";

    /// <summary>File with the X25519 public key of the receiver: payloads are encrypted.</summary>
    [NotEmpty]
    public string? EncryptFor { get; init; }

    /// <summary>File with an Ed25519 private key: sender and manifest are signed.</summary>
    [NotEmpty]
    public string? SignWith { get; init; }

    /// <summary>Most packages that are kept; 0 for any number. The oldest are deleted first.</summary>
    [AllowedRange(0)]
    public int MaxPackages { get; init; }

    /// <summary>Most bytes of all packages; 0 for any number.</summary>
    [AllowedRange(0)]
    public long MaxStoreBytes { get; init; }

    /// <summary>Seconds that a package is kept; 0 for ever.</summary>
    [AllowedRange(0)]
    public long KeepSecs { get; init; }

    /// <summary>Seconds after the last object of a study by C-STORE before its package is built.</summary>
    [AllowedRange(1, 86400)]
    public int QuietSecs { get; init; } = 30;

    /// <summary>
    /// When the package of a study that came by C-STORE is built: when no object of it has come for <c>quiet_secs</c> (<c>quiet</c>), or when the associations
    /// that brought objects have ended (<c>association_end</c>), which is sooner, and makes several packages if a sender opens an association for each object.
    /// </summary>
    [AllowedValues("quiet", "association_end")]
    public string BuildAt { get; init; } = "quiet";

    /// <summary>Whether packages of studies that came by C-STORE are sent to the pipeline's backend, by POST to <c>/api/jmix</c>.</summary>
    public bool Deliver { get; init; } = true;

    /// <summary>Whether uploaded packages, once stored, are also forwarded to the pipeline's backend.</summary>
    public bool Forward { get; init; }

    /// <summary>
    /// Whether the gateway adds entries to the end of the <c>audit.json</c> of packages: <c>received</c> and <c>stored</c> when a package is uploaded,
    /// <c>sent</c>, or <c>forwarded</c> for an uploaded package, when it is delivered to the backend. An uploaded package is then not kept byte for byte.
    /// </summary>
    public bool Audit { get; init; }

    /// <summary>Seconds after the last part of a resumable upload until it is deleted.</summary>
    [AllowedRange(60, 31_536_000)]
    public int UploadKeepSecs { get; init; } = 86_400;

    /// <summary>Bytes that an uploaded package may unpack to.</summary>
    [AllowedRange(1)]
    public long MaxUnpackedBytes { get; init; } = 64L << 30;
}
