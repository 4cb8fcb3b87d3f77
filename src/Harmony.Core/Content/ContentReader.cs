using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Content.Formats;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;

namespace Harmony.Core.Content;

/// <summary>
/// Reads bodies as data, by their content types and within limits: JSON, XML, CSV, forms, uploads, text; of binary bodies the facts.
/// The shapes are in <c>docs/content.md</c>. One instance serves every request of a configuration.
/// </summary>
/// <remarks>
/// A body is kept as it came, at most <c>max_body_size</c>, so that it can be passed on byte for byte: in memory, and what cannot become
/// data, files of uploads and binary bodies, beyond 64 KiB in a temporary file.
/// </remarks>
/// <param name="limits">How much of a body is held and parsed.</param>
public sealed class ContentReader(ContentLimitsSection limits)
{
    /// <summary>The body of a request as data; read and parsed at most once. Null for no body, JSON's <c>null</c>, and what nothing here can read.</summary>
    /// <exception cref="GatewayException">
    /// From the client: <see cref="FaultKind.Malformed"/>, <see cref="FaultKind.TooLarge"/> (names the limit) or <see cref="FaultKind.UnsupportedContent"/>.
    /// </exception>
    public ValueTask<JsonNode?> ReadAsync(RequestEnvelope request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ReadAsync(request.Body, request.Headers, ct);
    }

    /// <summary>
    /// The same, but what is JSON is read as JSON whatever its content type says: an object or an array. What is not is read by its content type.
    /// </summary>
    /// <inheritdoc cref="ReadAsync(RequestEnvelope, CancellationToken)"/>
    public ValueTask<JsonNode?> ReadJsonAsync(RequestEnvelope request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ReadAsync(request.Body, request.Headers, ct, prefersJson: true);
    }

    /// <summary>The body of an answer as data; read and parsed at most once. Null for no body, JSON's <c>null</c>, and what nothing here can read.</summary>
    /// <exception cref="GatewayException">From the backend: <see cref="FaultKind.Protocol"/>, whatever is wrong with it.</exception>
    public ValueTask<JsonNode?> ReadAsync(ResponseEnvelope response, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(response);
        return ReadAsync(response.Body, response.Headers, ct);
    }

    private async ValueTask<JsonNode?> ReadAsync(Body body, HeaderFields headers, CancellationToken ct, bool prefersJson = false)
    {
        if (body.TryGetData(out var data)) return data;
        var field = headers["content-type"];
        var type = MediaType.Parse(field);
        if (body.View is { } shown) return await ReadAsync(body, shown, field, ct);
        var format = ContentTypes.FormatOf(type.Name);
        var received = IsSpooled(format, headers, body.Sender)
            ? await body.SpoolBytesAsync(limits.MaxBodySize, ct)
            : await body.ReadBytesAsync(limits.MaxBodySize, ct);
        if (received.IsEmpty) format = ContentFormat.Empty;
        var metadata = new ContentMetadata(field ?? ContentTypes.Default, format, ParseStatus.Success, received.Length) { Charset = type.Charset };
        try
        {
            var content = ContentCodings.Undo(received, received.IsEmpty ? null : headers.Combined("content-encoding"), limits.MaxBodySize);
            if (type.Repeated is { } parameter) throw ContentException.Malformed($"has a content type that gives '{parameter}' twice");
            data = prefersJson && !content.IsEmpty ? JsonContent.TryRead(content, type.Charset) : null;
            if (data is not null) metadata = metadata with { Format = ContentFormat.Json };
            else data = Parse(content, type, body.Sender, ref metadata);
        }
        catch (ContentException e)
        {
            body.Content = metadata with { ParseStatus = ParseStatus.Failed };
            throw e.From(body.Sender);
        }

        body.SetData(data, metadata);
        return data;
    }

    private async ValueTask<JsonNode?> ReadAsync(Body body, IBodyView view, string? field, CancellationToken ct)
    {
        var data = await view.ReadAsync(limits.MaxBodySize, ct);
        body.SetData(data, new ContentMetadata(field ?? ContentTypes.Default, ContentFormat.Binary, ParseStatus.Success, body.Length ?? 0));
        return data;
    }

    /// <summary>Whether most of a body stays what it is, bytes, that only the next system wants.</summary>
    private static bool IsSpooled(ContentFormat format, HeaderFields headers, FaultSource sender)
        => sender == FaultSource.Client && format is ContentFormat.Multipart or ContentFormat.Binary && headers["content-encoding"] is null;

    private JsonNode? Parse(ReadOnlyMemory<byte> content, MediaType type, FaultSource sender, ref ContentMetadata metadata)
    {
        var bytes = content.Span;
        var charset = type.Charset;
        switch (metadata.Format)
        {
            case ContentFormat.Empty:
                metadata = metadata with { ParseStatus = ParseStatus.NotAttempted };
                return null;
            // A client that sends data says what they are, or means JSON; an answer may be anything, and is not lost for want of a name.
            case ContentFormat.Json when type.Name.Length > 0 || sender == FaultSource.Client:
                return JsonContent.Read(content, charset);
            case ContentFormat.Xml:
                return new XmlContentReader(limits.MaxXmlDepth).Read(content, charset);
            case ContentFormat.Csv:
                return CsvContentReader.Read(Charsets.Decode(bytes, charset), limits);
            case ContentFormat.Form:
                return FormContentReader.Read(bytes, charset, limits);
            case ContentFormat.Multipart:
                return new MultipartContentReader(limits, charset).Read(content, type["boundary"]);
            case ContentFormat.Text:
                return JsonContent.TryRead(content, charset) ?? JsonValue.Create(Charsets.Decode(bytes, charset));
            case ContentFormat.Binary:
                metadata = metadata with { Checksum = BinaryContent.ChecksumOf(bytes) };
                return BinaryContent.Describe(bytes, metadata.ContentType, metadata.Checksum, withBytes: sender != FaultSource.Client);
            default:
                var data = JsonContent.TryRead(content, charset);
                if (data is null) metadata = metadata with { ParseStatus = ParseStatus.Unsupported };
                return data;
        }
    }
}

/// <summary>Content that cannot be read, before it is known whose it is.</summary>
/// <param name="kind"><see cref="FaultKind.Malformed"/>, <see cref="FaultKind.TooLarge"/> or <see cref="FaultKind.UnsupportedContent"/>.</param>
/// <param name="predicate">What is wrong, to stand behind "the body": <c>is not XML: line 3</c>. Holds nothing of the content.</param>
/// <param name="cause">The exception behind it.</param>
internal sealed class ContentException(FaultKind kind, string predicate, Exception? cause = null) : Exception(predicate, cause)
{
    public FaultKind Kind { get; } = kind;

    public static ContentException Malformed(string predicate, Exception? cause = null) => new(FaultKind.Malformed, predicate, cause);

    public static ContentException TooMany(string what, string limit, long value)
        => new(FaultKind.TooLarge, $"has more {what} than content_limits.{limit} = {value}");

    /// <summary>The fault of the sender of the body. What a backend sends is never its client's fault.</summary>
    public GatewayException From(FaultSource sender) => sender == FaultSource.Client
        ? new GatewayException(sender, Kind, $"the body {Message}", this)
        : new GatewayException(sender, FaultKind.Protocol, $"the body of the response {Message}", this);
}

/// <summary>How reading a body as data went.</summary>
public enum ParseStatus
{
    /// <summary>There was nothing to read.</summary>
    NotAttempted,

    /// <summary>It was read.</summary>
    Success,

    /// <summary>It is not what its content type says, or exceeds a limit.</summary>
    Failed,

    /// <summary>Nothing here reads that content type; the data are null, and the body passes as it is.</summary>
    Unsupported,
}

/// <summary>The properties of a body that was read as data; <see cref="Envelope.Body.Content"/>.</summary>
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
    /// (<c>Success</c>; <c>NotAttempted</c> when the body has not been read).
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
