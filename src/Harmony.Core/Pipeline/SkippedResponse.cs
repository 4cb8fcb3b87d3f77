using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;

namespace Harmony.Core.Pipeline;

/// <summary>
/// The answer of a request whose metadata say <c>skip_backends = "true"</c>: the member <c>response {status, headers, body}</c> of its
/// normalised data; status 200 and no body where it is silent.
/// </summary>
internal static class SkippedResponse
{
    public static async ValueTask<ResponseEnvelope> FromAsync(RequestEnvelope request, ContentReader content, CancellationToken ct)
    {
        var described = (await DataOfAsync(request, content, ct) as JsonObject)?["response"] as JsonObject;
        var response = new ResponseEnvelope(request, StatusOf(described?["status"]));
        if (described?["headers"] is JsonObject headers)
        {
            foreach (var (name, value) in headers) AddField(response.Headers, name, value);
        }

        WriteBody(response, described?["body"]);
        return response;
    }

    /// <summary>A body that cannot be read as data has none, and none are needed to skip.</summary>
    private static async ValueTask<JsonNode?> DataOfAsync(RequestEnvelope request, ContentReader content, CancellationToken ct)
    {
        try
        {
            return await content.ReadAsync(request, ct);
        }
        catch (GatewayException e) when (e.Kind is FaultKind.Malformed or FaultKind.UnsupportedContent)
        {
            return null;
        }
    }

    /// <summary>A status that cannot be sent is a fault, not 200: the spec may have meant to refuse.</summary>
    private static int StatusOf(JsonNode? status)
    {
        if (status is null) return 200;
        var text = status.GetValueKind() == JsonValueKind.String ? status.GetValue<string>() : status.ToJsonString();
        var isNumber = decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
        return isNumber && number is >= 200 and <= 599 && number == decimal.Truncate(number)
            ? (int)number
            : throw new GatewayException(
                FaultSource.Gateway, FaultKind.Internal, "the 'response.status' that a middleware set is not a status from 200 to 599");
    }

    private static void AddField(HeaderFields fields, string name, JsonNode? value)
    {
        if (value is not JsonArray several)
        {
            fields.Set(name, value?.ToString() ?? "");
            return;
        }

        foreach (var one in several) fields.Add(name, one?.ToString() ?? "");
    }

    private static void WriteBody(ResponseEnvelope response, JsonNode? body)
    {
        if (body is null) return;
        if (body.GetValueKind() == JsonValueKind.String)
        {
            response.Body.Replace(System.Text.Encoding.UTF8.GetBytes(body.GetValue<string>()));
            return;
        }

        response.Body.Replace(body.DeepClone());
        if (!response.Headers.Contains("content-type")) response.Headers.Add("content-type", "application/json");
    }
}
