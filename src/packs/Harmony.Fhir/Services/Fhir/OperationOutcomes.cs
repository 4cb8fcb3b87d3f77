using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using Harmony.Core.Envelope;
using Harmony.Core.Pipeline;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>An issue of an OperationOutcome.</summary>
/// <param name="Code">The issue code (https://hl7.org/fhir/R4/valueset-issue-type.html).</param>
/// <param name="Text">The reason for a person; no secret, and no data of a patient.</param>
/// <param name="Expression">The element at fault, as FHIRPath; null for none.</param>
internal sealed record OutcomeIssue(string Code, string Text, string? Expression);

/// <summary>Errors as FHIR clients read them (https://hl7.org/fhir/R4/operationoutcome.html), in JSON or XML.</summary>
internal static class OperationOutcomes
{
    /// <summary>One issue as a document.</summary>
    /// <param name="isXml">XML instead of JSON.</param>
    /// <param name="code">The issue code.</param>
    /// <param name="text">The reason for a person; no secret, and no data of a patient.</param>
    /// <param name="expression">The element at fault, as FHIRPath; null for none.</param>
    public static RefusalContent Content(bool isXml, string code, string text, string? expression = null)
        => Content(isXml, [new OutcomeIssue(code, text, expression)]);

    /// <summary>Several issues as a document.</summary>
    public static RefusalContent Content(bool isXml, IReadOnlyList<OutcomeIssue> issues)
        => isXml ? new RefusalContent(FhirMediaTypes.Xml, Xml(issues)) : new RefusalContent(FhirMediaTypes.Json, Json(issues));

    /// <summary>The response of the gateway itself to a refused request.</summary>
    public static ResponseEnvelope Answer(RequestEnvelope request, FhirRefusal refusal)
    {
        var content = Content(FhirMediaTypes.WantsXml(request, out _), refusal.Code, refusal.Text, refusal.Expression);
        var response = new ResponseEnvelope(request, refusal.Status) { Body = request.Method == "HEAD" ? Body.Empty() : Body.FromBytes(content.Bytes) };
        response.Headers.Add("content-type", content.ContentType);
        response.Headers.Add("content-length", content.Bytes.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (refusal.Allow is { } methods) response.Headers.Add("allow", methods);
        return response;
    }

    /// <summary>The issue code and the text of a status that the gateway itself gives.</summary>
    public static (string Code, string Text) OfStatus(int status) => status switch
    {
        400 => ("invalid", "the request is malformed"),
        401 => ("login", "the request does not say who sends it, or not in a way that is believed here"),
        403 => ("forbidden", "the request is not allowed"),
        404 => ("not-found", "there is nothing under this path"),
        405 => ("not-supported", "the method is not allowed here"),
        408 or 504 => ("timeout", "the server behind the gateway did not answer in time"),
        413 => ("too-long", "the request is too large"),
        415 => ("not-supported", "the content type is not supported"),
        422 => ("processing", "the content is against a rule"),
        429 => ("throttled", "there are too many requests; try again later"),
        502 => ("transient", "the server behind the gateway cannot be reached, or answers in a way that cannot be passed on"),
        503 => ("transient", "the service is not available at the moment"),
        _ => ("exception", "the request could not be handled"),
    };

    private static byte[] Json(IReadOnlyList<OutcomeIssue> issues)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("resourceType", "OperationOutcome");
            writer.WriteStartArray("issue");
            foreach (var (code, text, expression) in issues)
            {
                writer.WriteStartObject();
                writer.WriteString("severity", "error");
                writer.WriteString("code", code);
                writer.WriteStartObject("details");
                writer.WriteString("text", text);
                writer.WriteEndObject();
                if (expression is not null)
                {
                    writer.WriteStartArray("expression");
                    writer.WriteStringValue(expression);
                    writer.WriteEndArray();
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static byte[] Xml(IReadOnlyList<OutcomeIssue> issues)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false) }))
        {
            writer.WriteStartElement("OperationOutcome", "http://hl7.org/fhir");
            foreach (var (code, text, expression) in issues)
            {
                writer.WriteStartElement("issue");
                Value("severity", "error");
                Value("code", code);
                writer.WriteStartElement("details");
                Value("text", text);
                writer.WriteEndElement();
                if (expression is not null) Value("expression", expression);
                writer.WriteEndElement();
            }

            writer.WriteEndElement();

            void Value(string name, string value)
            {
                writer.WriteStartElement(name);
                writer.WriteAttributeString("value", value);
                writer.WriteEndElement();
            }
        }

        return stream.ToArray();
    }
}
