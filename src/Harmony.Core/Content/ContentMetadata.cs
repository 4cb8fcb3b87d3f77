using System.Text.Json.Nodes;

namespace Harmony.Core.Content;

/// <summary>What was learnt about a body when it was read as data; <see cref="Envelope.Body.Content"/>.</summary>
/// <param name="ContentType">The field <c>Content-Type</c> as sent; <c>application/json</c> where there was none.</param>
/// <param name="Format">What it is.</param>
/// <param name="ParseStatus">How reading it went.</param>
/// <param name="OriginalSize">Bytes received, before any content coding was undone.</param>
public sealed record ContentMetadata(string ContentType, ContentFormat Format, ParseStatus ParseStatus, long OriginalSize)
{
    /// <summary>The <c>charset</c> of the content type, in lower case; null where it names none.</summary>
    public string? Charset { get; init; }

    /// <summary>SHA-256 of a binary body, 64 hexadecimal digits in lower case; null for other formats.</summary>
    public string? Checksum { get; init; }

    /// <summary>
    /// The same for specs, hooks and dumps: <c>{content_type, charset, format, parse_status, original_size, checksum}</c>;
    /// <c>format</c> in lower case (<c>json</c>), <c>parse_status</c> as the enumeration has it (<c>Success</c>).
    /// </summary>
    public JsonObject ToJson() => new()
    {
        ["content_type"] = ContentType,
        ["charset"] = Charset,
        ["format"] = NameOf(Format),
        ["parse_status"] = ParseStatus.ToString(),
        ["original_size"] = OriginalSize,
        ["checksum"] = Checksum,
    };

    private static string NameOf(ContentFormat format) => format.ToString().ToLowerInvariant();
}
