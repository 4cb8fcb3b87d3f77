using Harmony.Core.Envelope;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>The media types of FHIR (https://hl7.org/fhir/R4/http.html#mime-type), as clients write them.</summary>
internal static class FhirMediaTypes
{
    public const string Json = "application/fhir+json";
    public const string Xml = "application/fhir+xml";

    /// <summary>Whether the client wants XML rather than JSON: by <c>_format</c>, else by <c>Accept</c>. JSON where it does not say.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isSupported">False if the client takes neither.</param>
    public static bool WantsXml(RequestEnvelope request, out bool isSupported)
    {
        isSupported = true;
        if (request.QueryParams.TryGetValue("_format", out var formats))
        {
            // A plus sign in a query is a blank to most readers.
            var format = formats[0].Replace(' ', '+');
            if (IsXml(format)) return true;
            isSupported = IsJson(format) || IsOther(format);
            return false;
        }

        if (request.Headers.Combined("accept") is not { Length: > 0 } accept) return false;
        var (json, xml, other) = (0.0, 0.0, 0.0);
        foreach (var range in accept.Split(',', StringSplitOptions.TrimEntries))
        {
            var type = range.Split(';')[0].Trim();
            var quality = Quality(range);
            if (type is "*/*" or "application/*" || IsJson(type)) json = Math.Max(json, quality);
            if (IsXml(type)) xml = Math.Max(xml, quality);
            if (IsOther(type)) other = Math.Max(other, quality);
        }

        isSupported = json > 0 || xml > 0 || other > 0;
        return xml > json;
    }

    /// <summary>Whether a request body of that type is one that FHIR knows.</summary>
    public static bool IsBody(string contentType)
    {
        var type = contentType.Split(';')[0].Trim();
        return IsJson(type) || IsXml(type) || IsOther(type) || type.Equals("application/json-patch+json", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
    }

    public static bool IsJson(string type)
        => type.Equals(Json, StringComparison.OrdinalIgnoreCase) || type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Equals("json", StringComparison.OrdinalIgnoreCase)
            || type.Equals("text/json", StringComparison.OrdinalIgnoreCase) || type.Equals("application/json+fhir", StringComparison.OrdinalIgnoreCase);

    public static bool IsXml(string type)
        => type.Equals(Xml, StringComparison.OrdinalIgnoreCase) || type.Equals("application/xml", StringComparison.OrdinalIgnoreCase)
            || type.Equals("xml", StringComparison.OrdinalIgnoreCase)
            || type.Equals("text/xml", StringComparison.OrdinalIgnoreCase) || type.Equals("application/xml+fhir", StringComparison.OrdinalIgnoreCase);

    // Bulk export, attachments of a Binary, turtle: the server decides.
    private static bool IsOther(string type)
        => type.Equals("application/fhir+ndjson", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/fhir+turtle", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase) || type.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/pdf", StringComparison.OrdinalIgnoreCase) || type.Equals("text/plain", StringComparison.OrdinalIgnoreCase)
                || type.Equals("ndjson", StringComparison.OrdinalIgnoreCase);

    private static double Quality(string range)
    {
        foreach (var parameter in range.Split(';', StringSplitOptions.TrimEntries).Skip(1))
        {
            if (parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
                && double.TryParse(parameter.AsSpan(2), System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture,
                    out var quality)) return quality;
        }

        return 1;
    }
}
