using System.Text;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;

namespace Harmony.Http.Services.Echo;

/// <summary><c>[backends.NAME.options]</c> of an <c>echo</c> backend.</summary>
public sealed record EchoBackendOptions : ConfigNode
{
    /// <summary>Has no effect; accepted because older configurations contain it.</summary>
    public string? PathPrefix { get; init; }
}

/// <summary>
/// Answers with what it was asked: <c>{path, full_path, headers, original_data: [byte, …], original_text}</c>, and the members of a JSON object that
/// was sent beside them. The bytes are what programs written for the public system read; the text is for people, where the bytes are UTF-8.
/// </summary>
internal sealed class EchoBackend(long maxBodySize) : IBackend
{
    private static readonly string[] Hidden = ["authorization", "cookie", "proxy-authorization"];

    public static EchoBackend Create(EchoBackendOptions options, BackendContext context) => new(context.Environment.Limits.MaxBodySize);

    public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        var bytes = await request.Body.ReadBytesAsync(maxBodySize, ct);
        var answer = await SentMembersAsync(request, ct);
        answer["path"] = request.PathBelowPrefix.TrimStart('/');
        answer["full_path"] = request.Path;
        answer["headers"] = HeadersOf(request);
        answer["original_data"] = new JsonArray([.. bytes.ToArray().Select(b => (JsonNode)b)]);
        if (TextOf(bytes.Span) is { } text) answer["original_text"] = text;

        var response = new ResponseEnvelope(request, 200);
        response.Headers.Add("content-type", "application/json");
        response.Body.Replace(answer);
        return response;
    }

    private static string? TextOf(ReadOnlySpan<byte> bytes) => !bytes.IsEmpty && Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>The members of a body that is a JSON object, or that a step before has read or made as one; an empty object for every other body.</summary>
    private async ValueTask<JsonObject> SentMembersAsync(RequestEnvelope request, CancellationToken ct)
    {
        var type = request.Headers["content-type"];
        if (!request.Body.HasData && type is not null && !type.Contains("json", StringComparison.OrdinalIgnoreCase)) return [];
        try
        {
            return (await request.Body.ReadJsonAsync(maxBodySize, ct))?.DeepClone() as JsonObject ?? [];
        }
        catch (Core.Faults.GatewayException e) when (e.Kind == Core.Faults.FaultKind.Malformed)
        {
            return [];
        }
    }

    /// <summary>Fields by lower-case name, duplicates joined; credentials are named but not shown.</summary>
    private static JsonObject HeadersOf(RequestEnvelope request)
    {
        var headers = new JsonObject();
        foreach (var field in request.Headers)
        {
            var name = field.Name.ToLowerInvariant();
            if (!headers.ContainsKey(name)) headers[name] = Hidden.Contains(name) ? "<redacted>" : request.Headers.Combined(name);
        }

        return headers;
    }
}
