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
