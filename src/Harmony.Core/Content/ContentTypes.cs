using System.Collections.Frozen;

namespace Harmony.Core.Content;

/// <summary>From media type to format; the one place that decides it.</summary>
internal static class ContentTypes
{
    /// <summary>The default content type of a body.</summary>
    public const string Default = "application/json";

    private static readonly FrozenDictionary<string, ContentFormat> ByName = new Dictionary<string, ContentFormat>(StringComparer.Ordinal)
    {
        [""] = ContentFormat.Json,
        ["application/json"] = ContentFormat.Json,
        ["text/json"] = ContentFormat.Json,
        ["application/xml"] = ContentFormat.Xml,
        ["text/xml"] = ContentFormat.Xml,
        ["text/csv"] = ContentFormat.Csv,
        ["application/csv"] = ContentFormat.Csv,
        ["application/x-www-form-urlencoded"] = ContentFormat.Form,
        ["multipart/form-data"] = ContentFormat.Multipart,
        ["application/octet-stream"] = ContentFormat.Binary,
        ["application/pdf"] = ContentFormat.Binary,
        ["application/dicom"] = ContentFormat.Binary,
        ["application/zip"] = ContentFormat.Binary,
        ["application/gzip"] = ContentFormat.Binary,
        ["application/x-gzip"] = ContentFormat.Binary,
        ["application/tar"] = ContentFormat.Binary,
        ["application/x-tar"] = ContentFormat.Binary,
        ["application/x-7z-compressed"] = ContentFormat.Binary,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly string[] BinaryFamilies = ["image/", "audio/", "video/", "font/", "multipart/"];

    /// <param name="name">The media type without parameters, in lower case.</param>
    public static ContentFormat FormatOf(string name)
    {
        if (ByName.TryGetValue(name, out var format)) return format;
        if (name.EndsWith("+json", StringComparison.Ordinal)) return ContentFormat.Json;
        if (name.EndsWith("+xml", StringComparison.Ordinal)) return ContentFormat.Xml;
        if (name.StartsWith("text/", StringComparison.Ordinal)) return ContentFormat.Text;
        return BinaryFamilies.Any(family => name.StartsWith(family, StringComparison.Ordinal)) ? ContentFormat.Binary : ContentFormat.Unknown;
    }
}

/// <summary>The format of a body, by its content type. <c>docs/content.md</c> has the table.</summary>
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
