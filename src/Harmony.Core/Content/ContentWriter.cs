using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text;
using Harmony.Core.Content.Formats;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;

namespace Harmony.Core.Content;

/// <summary>
/// Gives data that a step put in the place of a body their form on the wire, by the content type that the message then has. The pipeline
/// calls it once per direction, when the chain has run: headers are final then, and length and bytes have not been asked for yet.
/// </summary>
/// <remarks>
/// XML, CSV and forms are written here, so that a step's mistake is a fault of the gateway and not of the backend that would wait for the
/// bytes. JSON cannot fail and is written when bytes are needed; a backend that works with the data never pays for it.
/// </remarks>
internal static class ContentWriter
{
    /// <summary>Settles a request before a backend gets it. Fields that a step set for the backend count more than the client's.</summary>
    /// <exception cref="GatewayException">The data cannot be written in that form.</exception>
    public static void Settle(RequestEnvelope request)
    {
        if (!request.Body.IsUnsettled) return;
        ReplacedBody.Forget(request.Headers);
        var fields = request.Target?.Headers is { } set && set.Contains("content-type") ? set : request.Headers;
        Settle(request.Body, fields);
    }

    /// <summary>Settles an answer before it goes to the client.</summary>
    /// <exception cref="GatewayException">The data cannot be written in that form.</exception>
    public static void Settle(ResponseEnvelope response)
    {
        if (response.BodyIfSet is not { IsUnsettled: true } body) return;
        ReplacedBody.Forget(response.Headers);
        Settle(body, response.Headers);
    }

    private static void Settle(Body body, HeaderFields fields)
    {
        if (body.TryApplyToView()) return;
        body.TryGetData(out var data);
        var field = fields["content-type"];
        try
        {
            var (bytes, contentType) = Write(data, field, MediaType.Parse(field));
            if (contentType != field) fields.Set("content-type", contentType);
            body.Settle(bytes);
        }
        catch (ContentException e)
        {
            throw new GatewayException(FaultSource.Gateway, FaultKind.Internal,
                $"the body that a step replaced {e.Message}; to send JSON, the step sets the field content-type to application/json", e);
        }
    }

    /// <returns>The bytes, null for JSON; and the content type that fits them.</returns>
    private static (byte[]? Bytes, string ContentType) Write(JsonNode? data, string? field, MediaType type)
    {
        if (BinaryContent.IsDescribed(data)) return WriteBytes(data!, field, type);
        var format = ContentTypes.FormatOf(type.Name);
        return format switch
        {
            ContentFormat.Xml => (XmlContentWriter.Write(data), InUtf8(field!, type)),
            ContentFormat.Csv => (CsvContentWriter.Write(data), InUtf8(field!, type)),
            ContentFormat.Form => (FormContentWriter.Write(data), type.Name),
            ContentFormat.Text when data?.GetValueKind() == JsonValueKind.String => (Encoding.UTF8.GetBytes(data.GetValue<string>()), InUtf8(field!, type)),
            ContentFormat.Json when type.Name.Length > 0 => (null, type.Charset is null or "utf-8" ? field! : type.Name),
            _ => (null, ContentTypes.Default),
        };
    }

    private static (byte[] Bytes, string ContentType) WriteBytes(JsonNode data, string? field, MediaType type)
    {
        var (bytes, named) = BinaryContent.Undescribe(data);
        if (named is { Length: > 0 } && named.All(c => c is >= ' ' and <= '~')) return (bytes, named);
        return (bytes, field is not null && ContentTypes.FormatOf(type.Name) != ContentFormat.Json ? field : "application/octet-stream");
    }

    private static string InUtf8(string field, MediaType type) => type.Charset == "utf-8" ? field : $"{type.Name}; charset=utf-8";
}

/// <summary>Headers that describe a body, which are removed or changed when the body is replaced.</summary>
public static class ReplacedBody
{
    /// <summary>They describe the bytes that were received (RFC 9110 §8.4, §14, RFC 9530, RFC 1864).</summary>
    private static readonly string[] OfTheBytes =
        ["content-encoding", "content-length", "content-digest", "repr-digest", "digest", "content-md5", "content-range", "accept-ranges"];

    /// <summary>
    /// Removes what was true of the old body and is not of the new one. A strong validator becomes a weak one (RFC 9110 §8.8.1): the new body is the old one in
    /// another form, so that caches may still ask whether it has changed, but no part of the one goes with a part of the other.
    /// </summary>
    public static void Forget(HeaderFields fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        foreach (var name in OfTheBytes) fields.Remove(name);
        if (fields["etag"] is { } tag && tag.StartsWith('"')) fields.Set("etag", "W/" + tag);
    }
}
