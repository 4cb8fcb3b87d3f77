using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Harmony.Core.Envelope;

namespace Harmony.Imaging.Services.DicomWeb.Answers;

/// <summary>The response to a refused request: RFC 9457, with a text that says what would have been accepted.</summary>
internal static class WebProblem
{
    private const string ContentType = "application/problem+json";

    /// <param name="request">The request.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="detail">What is wrong, and what to do. Shows nothing of patients.</param>
    public static ResponseEnvelope Answer(RequestEnvelope request, int status, string detail)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("title", TitleOf(status));
            writer.WriteNumber("status", status);
            writer.WriteString("detail", detail);
            writer.WriteEndObject();
        }

        var fields = new HeaderFields(2);
        fields.Add("content-type", ContentType);
        return new ResponseEnvelope(request, status) { Headers = fields, Body = Body.FromBytes(buffer.WrittenMemory) };
    }

    /// <summary>Nothing can be given in a form that the client takes (PS3.18 §8.7.4).</summary>
    public static ResponseEnvelope NotAcceptable(RequestEnvelope request, string given)
        => Answer(request, 406, $"None of the media types in Accept can be given. Acceptable would be: {given}.");

    /// <summary>The service is there, but cannot answer now.</summary>
    public static ResponseEnvelope Busy(RequestEnvelope request, int retryAfterSecs, string detail)
    {
        var response = Answer(request, 503, detail);
        response.Headers.Add("retry-after", retryAfterSecs.ToString(CultureInfo.InvariantCulture));
        return response;
    }

    private static string TitleOf(int status) => status switch
    {
        400 => "The request cannot be understood.",
        404 => "There is no such thing.",
        405 => "Not by this method.",
        406 => "Not in this form.",
        409 => "Nothing was stored.",
        413 => "The request is too large.",
        415 => "Not in this media type.",
        416 => "Not in this range.",
        501 => "Not supported.",
        502 => "The archive failed.",
        503 => "The archive is busy.",
        504 => "The archive does not respond.",
        _ => "The request failed.",
    };
}
