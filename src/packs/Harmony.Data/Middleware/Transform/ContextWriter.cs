using System.Text.Json;
using Harmony.Core.Envelope;

namespace Harmony.Data.Middleware.Transform;

/// <summary>Writes what specs see besides the body: <c>request_details</c>, and <c>target_details</c> or <c>response_details</c>.</summary>
internal static class ContextWriter
{
    /// <summary>Writes the context.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="request">The request.</param>
    /// <param name="response">Its answer on the right side, null on the left.</param>
    /// <param name="use">The parts that are wanted.</param>
    public static void Write(Utf8JsonWriter json, RequestEnvelope request, ResponseEnvelope? response, ContextUse use)
    {
        json.WriteStartObject();
        if (use.Request)
        {
            json.WriteStartObject("request_details");
            json.WriteString("method", request.Method);
            json.WriteString("uri", UriOf(request));
            WriteShared(json, request, request.Headers, use.Parts);
            if (use.Parts.HasFlag(ContextParts.Metadata)) WriteMap(json, "metadata", request.Metadata);
            json.WriteEndObject();
        }

        if (use.Target && response is null)
        {
            json.WriteStartObject("target_details");
            WriteTarget(json, request, use.Parts);
            json.WriteEndObject();
        }

        if (use.Response && response is not null) WriteResponse(json, response, use.Parts);
        json.WriteEndObject();
    }

    /// <summary>Writes the members of <c>target_details</c>: the request as it would go out now.</summary>
    public static void WriteTarget(Utf8JsonWriter json, RequestEnvelope request, ContextParts parts)
    {
        var target = TargetView.Of(request);
        if (target.BaseUrl is not null) json.WriteString("base_url", target.BaseUrl);
        json.WriteString("method", target.Method);
        json.WriteString("uri", target.Uri);
        if (parts.HasFlag(ContextParts.Headers)) WriteHeaders(json, target.Headers);
        if (parts.HasFlag(ContextParts.Cookies)) WriteMap(json, "cookies", target.Cookies);
        if (parts.HasFlag(ContextParts.QueryParams)) WriteQuery(json, target.QueryParams);
        if (parts.HasFlag(ContextParts.Metadata)) WriteMap(json, "metadata", target.Metadata);
    }

    /// <summary>Writes names and values as an object.</summary>
    public static void WriteMap(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, string>> map)
    {
        json.WriteStartObject();
        foreach (var (name, value) in map) json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, string>> map)
    {
        json.WritePropertyName(name);
        WriteMap(json, map);
    }

    private static void WriteShared(Utf8JsonWriter json, RequestEnvelope request, HeaderFields headers, ContextParts parts)
    {
        if (parts.HasFlag(ContextParts.Headers)) WriteHeaders(json, headers);
        if (parts.HasFlag(ContextParts.Cookies)) WriteMap(json, "cookies", request.Cookies);
        if (parts.HasFlag(ContextParts.QueryParams)) WriteQuery(json, request.QueryParams);
    }

    private static void WriteResponse(Utf8JsonWriter json, ResponseEnvelope response, ContextParts parts)
    {
        json.WriteStartObject("response_details");
        json.WriteNumber("status", response.Status);
        if (parts.HasFlag(ContextParts.Headers)) WriteHeaders(json, response.Headers);
        if (parts.HasFlag(ContextParts.Metadata)) WriteMap(json, "metadata", response.Metadata);
        json.WriteEndObject();
    }

    /// <summary>Names in lower case; values of equal names joined by a comma.</summary>
    private static void WriteHeaders(Utf8JsonWriter json, HeaderFields headers) => WriteMap(json, "headers", HeaderMap.Of(headers));

    private static void WriteQuery(Utf8JsonWriter json, IReadOnlyDictionary<string, IReadOnlyList<string>> parameters)
    {
        json.WriteStartObject("query_params");
        foreach (var (name, values) in parameters)
        {
            json.WriteStartArray(name);
            foreach (var value in values) json.WriteStringValue(value);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>The path and query; of an operation of DIMSE, which has no path but its name, <c>dimse://scp/c-find</c>.</summary>
    private static string UriOf(RequestEnvelope request)
    {
        if (request.Protocol == "dimse") return $"dimse://scp{request.Path}";
        return request.Query.Length == 0 ? request.Path : $"{request.Path}?{request.Query}";
    }
}

/// <summary>Which parts of the context a spec can see, so that the others need not be made.</summary>
/// <param name="Request"><c>request_details</c>.</param>
/// <param name="Target"><c>target_details</c>.</param>
/// <param name="Response"><c>response_details</c>.</param>
/// <param name="Parts">Their members.</param>
internal readonly record struct ContextUse(bool Request, bool Target, bool Response, ContextParts Parts)
{
    public static readonly ContextUse None;

    public static readonly ContextUse All = new(true, true, true, ContextParts.All);

    public bool IsNone => !Request && !Target && !Response;

    public static ContextUse operator |(ContextUse a, ContextUse b)
        => new(a.Request || b.Request, a.Target || b.Target, a.Response || b.Response, a.Parts | b.Parts);

    /// <summary>What a name at the top of an operation, and what stands below it, can see.</summary>
    public static ContextUse OfRoot(string name, JsonElement below)
    {
        if (name == "context") return OfContext(below);
        return SpecKey.IsWildcard(name) ? All : None;
    }

    private static ContextUse OfContext(JsonElement below)
    {
        if (below.ValueKind != JsonValueKind.Object) return All;
        var use = None;
        foreach (var member in below.EnumerateObject())
        {
            foreach (var name in SpecKey.NamesOf(member.Name, isModify: true)) use |= OfDetails(name, PartsOf(member.Value));
        }

        return use;
    }

    private static ContextUse OfDetails(string name, ContextParts parts) => name switch
    {
        "request_details" => new ContextUse(true, false, false, parts),
        "target_details" => new ContextUse(false, true, false, parts),
        "response_details" => new ContextUse(false, false, true, parts),
        _ => SpecKey.IsWildcard(name) ? All : None,
    };

    private static ContextParts PartsOf(JsonElement below)
    {
        if (below.ValueKind != JsonValueKind.Object) return ContextParts.All;
        var parts = ContextParts.None;
        foreach (var name in below.EnumerateObject().SelectMany(m => SpecKey.NamesOf(m.Name, isModify: true)))
        {
            parts |= name switch
            {
                "headers" => ContextParts.Headers,
                "cookies" => ContextParts.Cookies,
                "query_params" => ContextParts.QueryParams,
                "metadata" => ContextParts.Metadata,
                _ => SpecKey.IsWildcard(name) ? ContextParts.All : ContextParts.None,
            };
        }

        return parts;
    }
}

/// <summary>The members of the context's details that cost something to make. Method, URI and status are always there.</summary>
[Flags]
internal enum ContextParts
{
    None = 0,
    Headers = 1,
    Cookies = 2,
    QueryParams = 4,
    Metadata = 8,
    All = Headers | Cookies | QueryParams | Metadata,
}

/// <summary>What a spec says about an answer: <c>response_details</c> with any of <c>status, headers, metadata</c>.</summary>
internal sealed class ResponseChanges
{
    private readonly JsonElement _metadata;
    private readonly int? _status;
    private readonly List<HeaderField> _headers = [];

    private ResponseChanges(JsonElement details, ResponseEnvelope response)
    {
        if (details.ValueKind != JsonValueKind.Object) return;
        details.TryGetProperty("metadata", out _metadata);
        if (details.TryGetProperty("status", out var status)) _status = StatusOf(status, response.Status);
        if (details.TryGetProperty("headers", out var headers)) _headers = FieldText.Changed(headers, HeaderMap.Of(response.Headers));
    }

    /// <summary>Reads the details without changing the answer.</summary>
    /// <exception cref="TransformException">They cannot be sent.</exception>
    public static ResponseChanges Read(JsonElement details, ResponseEnvelope response) => new(details, response);

    /// <summary>Changes the answer.</summary>
    public void ApplyTo(ResponseEnvelope response)
    {
        if (_status is { } status) response.Status = status;
        FieldText.SetAll(response.Headers, _headers);
        MetadataMap.Merge(_metadata, response.Metadata);
    }

    private static int? StatusOf(JsonElement value, int now)
    {
        if (value.ValueKind == JsonValueKind.Null || FieldText.OfScalar(value) is not { } text) return null;
        if (!decimal.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var status)
            || status == now) return null;
        return status is >= 200 and <= 599 && status == decimal.Truncate(status)
            ? (int)status
            : throw new TransformException("'status' of response_details is not a status from 200 to 599");
    }
}
