namespace Harmony.Core.Content;

/// <summary>What a body is, by its content type. <c>docs/content.md</c> has the table.</summary>
public enum ContentFormat
{
    /// <summary>No bytes at all.</summary>
    Empty,

    /// <summary>JSON, also with a suffix (<c>application/fhir+json</c>), and what has no content type.</summary>
    Json,

    /// <summary>XML, also with a suffix (<c>application/soap+xml</c>).</summary>
    Xml,

    /// <summary>Comma separated values with a header row.</summary>
    Csv,

    /// <summary><c>application/x-www-form-urlencoded</c>.</summary>
    Form,

    /// <summary><c>multipart/form-data</c>.</summary>
    Multipart,

    /// <summary>Other text, such as <c>text/plain</c> and <c>text/html</c>.</summary>
    Text,

    /// <summary>Images, archives, DICOM and the like: described, not parsed.</summary>
    Binary,

    /// <summary>Anything else.</summary>
    Unknown,
}
