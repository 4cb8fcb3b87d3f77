using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Core.Redaction;

namespace Harmony.Http.Middleware.Webhook;

/// <summary>
/// Writes what a receiver is told: <c>{middleware: "webhook", name, side: "left"|"right", request, response (right only), extra}</c>.
/// <c>extra</c> is the metadata <c>webhook.NAME</c>: as JSON if it is, else as a string, else null.
/// </summary>
internal sealed class WebhookDocument(string name, Redactor redactor)
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
