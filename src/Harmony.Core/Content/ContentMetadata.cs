using System.Text.Json.Nodes;
using Harmony.Core.Envelope;

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
    /// What is known of a body now, for hooks and dumps: <c>{content_type, charset, format, parse_status, original_size, checksum}</c>, null
    /// where something is not known; <c>format</c> in lower case (<c>json</c>), <c>parse_status</c> as the enumeration has it
    /// (<c>Success</c>; <c>NotAttempted</c> where nobody has read it).
    /// </summary>
    public static JsonObject Describe(Body body, HeaderFields fields)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(fields);
        var field = fields["content-type"];
        var type = MediaType.Parse(field);
        var read = body.Content;
        return new JsonObject
        {
            ["content_type"] = field ?? ContentTypes.Default,
            ["charset"] = type.Charset,
            ["format"] = NameOf(read?.Format ?? (body.IsEmpty ? ContentFormat.Empty : ContentTypes.FormatOf(type.Name))),
            ["parse_status"] = (read?.ParseStatus ?? ParseStatus.NotAttempted).ToString(),
            ["original_size"] = body.ReceivedLength,
            ["checksum"] = read?.Checksum,
        };
    }

    private static string NameOf(ContentFormat format) => format.ToString().ToLowerInvariant();
}
