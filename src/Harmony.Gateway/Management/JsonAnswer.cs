using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;

namespace Harmony.Gateway.Management;

/// <summary>Answers in JSON, which nobody keeps and no browser takes for something else.</summary>
internal static class JsonAnswer
{
    /// <summary>People read it too, so an apostrophe stays one. Nothing takes it for a page: its content type is said, and not to be guessed.</summary>
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ResponseEnvelope Of(RequestEnvelope request, int status, JsonNode body)
        => Bytes(request, status, Encoding.UTF8.GetBytes(body.ToJsonString(Readable)), "application/json");

    /// <summary><c>{"error": "Not found", "message": "…"}</c></summary>
    public static ResponseEnvelope Error(RequestEnvelope request, int status, string error, string? message = null)
    {
        var body = new JsonObject { ["error"] = error };
        if (message is not null) body["message"] = message;
        return Of(request, status, body);
    }

    public static ResponseEnvelope Bytes(RequestEnvelope request, int status, ReadOnlyMemory<byte> bytes, string contentType)
    {
        var response = new ResponseEnvelope(request, status) { Body = Body.FromBytes(bytes) };
        response.Headers.Add("content-type", contentType);
        response.Headers.Add("cache-control", "no-store");
        response.Headers.Add("x-content-type-options", "nosniff");
        return response;
    }
}
