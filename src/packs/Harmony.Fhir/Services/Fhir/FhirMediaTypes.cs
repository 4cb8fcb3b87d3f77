using System.Globalization;
using Harmony.Core.Envelope;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>The format of a body, by its media type.</summary>
internal enum FhirFormat
{
    /// <summary>A type that FHIR does not have.</summary>
    None,

    /// <summary>Resources in JSON.</summary>
    Json,

    /// <summary>Resources in XML.</summary>
    Xml,

    /// <summary>A JSON Patch (RFC 6902).</summary>
    JsonPatch,

    /// <summary>Parameters of a search.</summary>
    Form,

    /// <summary>A page of HTML.</summary>
    Html,

    /// <summary>Bulk export, attachments of a Binary, turtle: the server decides.</summary>
    Other,
}

/// <summary>The media types of FHIR (https://hl7.org/fhir/R4/http.html#mime-type), as clients write them. Parameters of a type are passed over.</summary>
internal static class FhirMediaTypes
{
    public const string Json = "application/fhir+json";
    public const string Xml = "application/fhir+xml";

    /// <summary>Whether the client wants XML rather than JSON: by <c>_format</c>, else by <c>Accept</c>. JSON if neither says.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isSupported">False if the client takes neither.</param>
    public static bool WantsXml(RequestEnvelope request, out bool isSupported)
    {
        isSupported = true;
        if (request.Query.Length > 0 && request.QueryParams.TryGetValue("_format", out var formats))
        {
            // Most readers take a plus sign in a query for a blank.
            var format = FormatOf(formats[0].Replace(' ', '+'));
            isSupported = format is FhirFormat.Json or FhirFormat.Xml or FhirFormat.Other;
            return format == FhirFormat.Xml;
        }

        if (request.Headers.Combined("accept") is not { Length: > 0 } accept || accept is "*/*" or Json) return false;
        var (json, xml, other) = (0.0, 0.0, 0.0);
        foreach (var part in accept.AsSpan().Split(','))
        {
            var range = accept.AsSpan(part).Trim();
            var quality = Quality(range);
            switch (FormatOf(range))
            {
                case FhirFormat.Json:
                    json = Math.Max(json, quality);
                    break;
                case FhirFormat.Xml:
                    xml = Math.Max(xml, quality);
                    break;
                case FhirFormat.Other:
                    other = Math.Max(other, quality);
                    break;
                default:
                    if (Bare(range) is "*/*" or "application/*") json = Math.Max(json, quality);
                    break;
            }
        }

        isSupported = json > 0 || xml > 0 || other > 0;
        return xml > json;
    }

    /// <summary>Whether FHIR has request bodies of a media type.</summary>
    public static bool IsBody(ReadOnlySpan<char> contentType) => FormatOf(contentType) is not (FhirFormat.None or FhirFormat.Html);

    public static bool IsJson(ReadOnlySpan<char> contentType) => FormatOf(contentType) == FhirFormat.Json;

    public static bool IsXml(ReadOnlySpan<char> contentType) => FormatOf(contentType) == FhirFormat.Xml;

    /// <summary>The format that a content type, a range of <c>Accept</c> or a <c>_format</c> stands for.</summary>
    public static FhirFormat FormatOf(ReadOnlySpan<char> contentType)
    {
        var type = Bare(contentType);
        if (Is(type, Json) || Is(type, "application/json") || Is(type, "json") || Is(type, "text/json") || Is(type, "application/json+fhir"))
            return FhirFormat.Json;
        if (Is(type, Xml) || Is(type, "application/xml") || Is(type, "xml") || Is(type, "text/xml") || Is(type, "application/xml+fhir"))
            return FhirFormat.Xml;
        if (Is(type, "application/json-patch+json")) return FhirFormat.JsonPatch;
        if (Is(type, "application/x-www-form-urlencoded")) return FhirFormat.Form;
        if (Is(type, "text/html") || Is(type, "application/xhtml+xml")) return FhirFormat.Html;
        var isOther = Is(type, "application/fhir+ndjson") || Is(type, "ndjson") || Is(type, "application/fhir+turtle") || Is(type, "application/octet-stream")
            || type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) || Is(type, "application/pdf") || Is(type, "text/plain");
        return isOther ? FhirFormat.Other : FhirFormat.None;
    }

    /// <summary>A type without its parameters.</summary>
    public static ReadOnlySpan<char> Bare(ReadOnlySpan<char> contentType)
        => (contentType.IndexOf(';') is >= 0 and var end ? contentType[..end] : contentType).Trim();

    private static bool Is(ReadOnlySpan<char> type, string name) => type.Length == name.Length && type.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static double Quality(ReadOnlySpan<char> range)
    {
        foreach (var part in range.Split(';'))
        {
            var parameter = range[part].Trim();
            if (parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
                && double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality)) return quality;
        }

        return 1;
    }
}
