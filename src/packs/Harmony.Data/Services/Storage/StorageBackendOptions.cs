using Harmony.Core.Configuration;

namespace Harmony.Data.Services.Storage;

/// <summary><c>[backends.NAME.options]</c> of a <c>storage</c> backend.</summary>
public sealed record StorageBackendOptions : ConfigNode
{
    /// <summary>
    /// Where objects are kept: a folder, relative to the working directory, which is created if needed; <c>s3://bucket/prefix</c>; or <c>memory:</c> for
    /// objects that are lost when the gateway stops. When absent, <c>disk</c> in the place that <c>[storage]</c> names.
    /// </summary>
    [NotEmpty]
    public string? Root { get; init; }

    /// <summary>
    /// Pattern for the name of a stored object, e.g. <c>{PatientID}/{StudyInstanceUID}/{file}</c>. Placeholders are keys of the metadata, DICOM keywords,
    /// top-level strings of the body, <c>{uuid}</c> and <c>{timestamp}</c>. Without a pattern the backend stores nothing.
    /// </summary>
    [NotEmpty]
    public string? WritePattern { get; init; }

    /// <summary>Pattern for the name of an object that is read, with the same placeholders.</summary>
    [NotEmpty]
    public string ReadPattern { get; init; } = "{storedPath}";

    /// <summary>
    /// Most bytes of all objects together, in a folder or in memory; a write beyond the limit is refused (507, A700). When absent, 256 MiB in memory and no
    /// limit in a folder.
    /// </summary>
    [AllowedRange(1)]
    public long? MaxBytes { get; init; }

    /// <summary>
    /// When a write is confirmed: once file and name are on the disk (<c>fsync</c>), or once the operating system has them (<c>none</c>), so that a power
    /// failure can lose them.
    /// </summary>
    [AllowedValues("fsync", "none")]
    public string Durability { get; init; } = "fsync";

    /// <summary>
    /// What happens if an object of that name exists with other content: the new object gets another name (<c>version</c>: <c>a~2.dcm</c>), is dropped
    /// (<c>keep</c>), or replaces the old object (<c>overwrite</c>). An object with the same content is confirmed like a write.
    /// </summary>
    [AllowedValues("version", "keep", "overwrite")]
    public string IfExists { get; init; } = "version";

    /// <summary>Whether DELETE deletes objects, by the name from <c>read_pattern</c>. Has an effect only with a <c>write_pattern</c>.</summary>
    public bool AllowDelete { get; init; } = true;

    /// <summary>
    /// Whether GET of a path with a trailing slash lists the objects below it, as JSON. The <c>read_pattern</c> must end with <c>{path}</c> or
    /// <c>{full_path}</c>.
    /// </summary>
    public bool AllowList { get; init; }

    /// <summary>
    /// Days after its last change until an object is deleted, by a clean-up every 12 hours; 0 for never. Has an effect only with a <c>write_pattern</c>: the
    /// gateway does not delete what others wrote.
    /// </summary>
    [AllowedRange(0, 36500)]
    public int KeepDays { get; init; }

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
