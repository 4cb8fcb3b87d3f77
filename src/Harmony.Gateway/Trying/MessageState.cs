using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Gateway.Cli;

namespace Harmony.Gateway.Trying;

/// <summary>A message as it is at one moment, to be compared with what becomes of it.</summary>
/// <param name="Facts">
/// Everything but the body, by name: <c>header accept</c>, <c>metadata jwt.sub</c>, <c>path</c>. Values that may be secret are masked.
/// </param>
/// <param name="Text">The body as text, JSON indented; what it is where it is no text.</param>
internal sealed record MessageState(IReadOnlyDictionary<string, string> Facts, string Text)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A request.</summary>
    public static async ValueTask<MessageState> OfAsync(RequestEnvelope request, long limit, CancellationToken ct)
    {
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["method"] = request.Method, ["path"] = request.PathBelowPrefix,
            ["query"] = request.Query
        };
        AddFields(facts, request.Headers, "header");
        foreach (var (key, value) in request.Metadata) facts[$"metadata {key}"] = Masked(key, value);
        if (request.Target is { } target)
        {
            foreach (var (name, value) in new[] { ("base_url", target.BaseUrl), ("method", target.Method), ("path", target.Path), ("query", target.Query) })
            {
                if (value is not null) facts[$"target {name}"] = name == "base_url" ? ShownOptions.Text(value) : value;
            }

            AddFields(facts, target.Headers, "target header");
            foreach (var (key, value) in target.Metadata) facts[$"target metadata {key}"] = Masked(key, value);
        }

        return new MessageState(facts, request.Body.HasView ? await ShownAsync(request, limit, ct) : await TextAsync(request.Body, limit, ct));
    }

    /// <summary>A response.</summary>
    public static async ValueTask<MessageState> OfAsync(ResponseEnvelope response, long limit, CancellationToken ct)
    {
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["status"] = $"{response.Status}" };
        AddFields(facts, response.Headers, "header");
        foreach (var (key, value) in response.Metadata) facts[$"metadata {key}"] = Masked(key, value);
        return new MessageState(facts, await TextAsync(response.Body, limit, ct));
    }

    /// <summary>What is otherwise in a later state, a line each.</summary>
    public IReadOnlyList<string> ChangesTo(MessageState later)
    {
        var lines = new List<string>();
        foreach (var name in Facts.Keys.Union(later.Facts.Keys).Order(StringComparer.Ordinal))
        {
            var (was, becomes) = (Facts.GetValueOrDefault(name), later.Facts.GetValueOrDefault(name));
            if (was == becomes) continue;
            if (was is not null && becomes is not null) lines.Add($"~ {name}: {was} → {becomes}");
            else if (becomes is not null) lines.Add($"+ {name}: {becomes}");
            else lines.Add($"- {name}");
        }

        return lines;
    }

    /// <summary>The text of a body.</summary>
    /// <exception cref="Core.Faults.GatewayException">It is larger than the limit.</exception>
    public static async ValueTask<string> TextAsync(Body body, long limit, CancellationToken ct)
    {
        var bytes = await body.ReadBytesAsync(limit, ct);
        if (bytes.IsEmpty) return "";
        try
        {
            return JsonOutput.Indented(JsonNode.Parse(bytes.Span, documentOptions: new JsonDocumentOptions { MaxDepth = Body.MaxJsonDepth }));
        }
        catch (JsonException)
        {
            return PlainText(bytes);
        }
    }

    /// <summary>What stands for the bytes of a DICOM object: its data set, up to the pixel data.</summary>
    private static async ValueTask<string> ShownAsync(RequestEnvelope request, long limit, CancellationToken ct)
        => await new ContentReader(new ContentLimitsSection { MaxBodySize = limit }).ReadAsync(request, ct) is { } data ? JsonOutput.Indented(data) : "";

    private static string PlainText(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var text = Strict.GetString(bytes.Span);
            return text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) ? $"({bytes.Length} bytes that are no text)" : text;
        }
        catch (DecoderFallbackException)
        {
            return $"({bytes.Length} bytes that are no text)";
        }
    }

    private static void AddFields(SortedDictionary<string, string> facts, HeaderFields fields, string kind)
    {
        foreach (var name in fields.Select(f => f.Name.ToLowerInvariant()).Distinct()) facts[$"{kind} {name}"] = Masked(name, fields.Combined(name) ?? "");
    }

    private static string Masked(string name, string value) => SensitiveNames.Contains(name) ? SensitiveNames.Mask : value;
}
