using Harmony.Core.Configuration;

namespace Harmony.Data.Services.Storage;

/// <summary><c>[backends.NAME.options]</c> of a <c>storage</c> backend.</summary>
public sealed record StorageBackendOptions : ConfigNode
{
    /// <summary>
    /// Folder that holds everything, relative to the working directory; made when it is missing. <c>disk</c> in what <c>[storage]</c> names when absent. Or
    /// <c>s3://bucket/prefix</c>, or <c>memory:</c> for objects that are gone with the process.
    /// </summary>
    [NotEmpty]
    public string? Root { get; init; }

    /// <summary>
    /// Name of an object that is written, e.g. <c>{PatientID}/{StudyInstanceUID}/{file}</c>: keys of the metadata, attributes of a DICOM object by
    /// keyword, top-level strings of the body, <c>{uuid}</c>, <c>{timestamp}</c>. Without it nothing is written.
    /// </summary>
    [NotEmpty]
    public string? WritePattern { get; init; }

    /// <summary>Name of an object that is read, in the same form.</summary>
    [NotEmpty]
    public string ReadPattern { get; init; } = "{storedPath}";

    /// <summary>
    /// Most bytes of all objects together, in a folder or in memory; a write that goes beyond is refused (507, A700). Any number when absent; 256 MiB in
    /// memory.
    /// </summary>
    [AllowedRange(1)]
    public long? MaxBytes { get; init; }

    /// <summary>
    /// When a write is answered: once file and name are on the disk (<c>fsync</c>), or once the system has them (<c>none</c>), which a loss of power may undo.
    /// </summary>
    [AllowedValues("fsync", "none")]
    public string Durability { get; init; } = "fsync";

    /// <summary>
    /// What happens where an object of that name is there with other content: the new one gets a name of its own (<c>version</c>: <c>a~2.dcm</c>),
    /// is dropped (<c>keep</c>), or takes the place of the old one (<c>overwrite</c>). The same content once more is answered like a write.
    /// </summary>
    [AllowedValues("version", "keep", "overwrite")]
    public string IfExists { get; init; } = "version";

    /// <summary>Whether DELETE takes objects away, by the name that <c>read_pattern</c> makes. Only where there is a <c>write_pattern</c>.</summary>
    public bool AllowDelete { get; init; } = true;

    /// <summary>
    /// Whether GET of a path that ends with a slash lists the objects below it, as JSON. The <c>read_pattern</c> has to end with <c>{path}</c> or
    /// <c>{full_path}</c>.
    /// </summary>
    public bool AllowList { get; init; }

    /// <summary>
    /// Days that an object is kept, from its last change on; then it is deleted, at the next sweep, which comes every 12 hours. 0 keeps objects for ever. Only
    /// where there is a <c>write_pattern</c>: what others wrote is not the gateway's to delete.
    /// </summary>
    [AllowedRange(0, 36500)]
    public int KeepDays { get; init; }

    /// <summary>Region of S3; <c>us-east-1</c> when absent.</summary>
    public string? Region { get; init; }

    /// <summary>Access key of S3; without it the environment, the credentials file or the role of the machine says who asks.</summary>
    public string? AccessKeyId { get; init; }

    /// <summary>Secret of the access key.</summary>
    [Secret]
    public string? SecretAccessKey { get; init; }

    /// <summary>URL of a server that speaks the protocol of S3, in place of Amazon's.</summary>
    public string? Endpoint { get; init; }
}
