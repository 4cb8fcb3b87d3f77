using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Core.Redaction;

namespace Harmony.Http.Middleware.Webhook;

/// <summary>
/// Writes what a receiver is told: <c>{middleware: "webhook", name, side: "left"|"right", time, gateway, pipeline, request_id, duration_ms (right only),
/// request, response (right only), extra}</c>. <c>extra</c> is the metadata <c>webhook.NAME</c>: as JSON if it is, else as a string, else null.
/// </summary>
/// <param name="name">The name of the middleware.</param>
/// <param name="gateway">The name of the gateway.</param>
/// <param name="redactor">Hides what shall not be told.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class WebhookDocument(string name, string gateway, Redactor redactor, TimeProvider clock)
{
    private readonly string _extraKey = "webhook." + name;
    private readonly RedactedEnvelope _envelopes = new(redactor);

    /// <param name="request">The request.</param>
    /// <param name="response">Its answer, on the right side.</param>
    public ReadOnlyMemory<byte> Write(RequestEnvelope request, ResponseEnvelope? response)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, RedactedEnvelope.Writing))
        {
            writer.WriteStartObject();
            writer.WriteString("middleware", "webhook");
            writer.WriteString("name", name);
            writer.WriteString("side", response is null ? "left" : "right");
            writer.WriteString("time", clock.GetUtcNow().UtcDateTime);
            writer.WriteString("gateway", gateway);
            writer.WriteString("pipeline", request.PipelineName);
            writer.WriteString("request_id", request.RequestId);
            if (response is not null) writer.WriteNumber("duration_ms", Math.Round(Stopwatch.GetElapsedTime(request.Began).TotalMilliseconds, 3));
            writer.WritePropertyName("request");
            _envelopes.WriteRequest(writer, request);
            if (response is not null)
            {
                writer.WritePropertyName("response");
                _envelopes.WriteResponse(writer, response);
            }

            writer.WritePropertyName("extra");
            WriteExtra(writer, ExtraOf(request, response));
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private string? ExtraOf(RequestEnvelope request, ResponseEnvelope? response)
        => response is not null && response.Metadata.TryGetValue(_extraKey, out var own) ? own
            : request.Metadata.TryGetValue(_extraKey, out var value) ? value : null;

    private void WriteExtra(Utf8JsonWriter writer, string? extra)
    {
        if (extra is null)
        {
            writer.WriteNullValue();
            return;
        }

        try
        {
            redactor.WriteData(writer, JsonNode.Parse(extra));
        }
        catch (JsonException)
        {
            writer.WriteStringValue(extra);
        }
    }
}
