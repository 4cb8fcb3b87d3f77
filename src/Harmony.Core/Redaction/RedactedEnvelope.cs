using System.Text.Encodings.Web;
using System.Text.Json;
using Harmony.Core.Content;
using Harmony.Core.Envelope;

namespace Harmony.Core.Redaction;

/// <summary>
/// Writes envelopes as JSON in the shape of the public Harmony Proxy's documents: <c>{method, uri, headers, cookies, query_params, metadata,
/// content_metadata}</c> for a request, <c>{status, headers, metadata, content_metadata}</c> for an answer. Bodies are not part of it.
/// </summary>
internal sealed class RedactedEnvelope(Redactor redactor)
{
    /// <summary>How it is written: no HTML, so that an umlaut stays an umlaut.</summary>
    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void WriteRequest(Utf8JsonWriter writer, RequestEnvelope request)
    {
        writer.WriteStartObject();
        writer.WriteString("method", request.Method);
        writer.WriteString("uri", redactor.Target(request.Query.Length == 0 ? request.Path : $"{request.Path}?{request.Query}"));
        WriteFields(writer, "headers", request.Headers);
        WriteCookies(writer, request);
        WriteParameters(writer, "query_params", request.QueryParams);
        WriteMetadata(writer, request.Metadata);
        WriteContent(writer, request.Headers, request.Body);
        writer.WriteEndObject();
    }

    public void WriteResponse(Utf8JsonWriter writer, ResponseEnvelope response)
    {
        writer.WriteStartObject();
        writer.WriteNumber("status", response.Status);
        WriteFields(writer, "headers", response.Headers);
        WriteMetadata(writer, response.Metadata);
        WriteContent(writer, response.Headers, response.Body);
        writer.WriteEndObject();
    }

    /// <summary>The changes of middleware to the target of the request; unchanged members are absent.</summary>
    public void WriteTarget(Utf8JsonWriter writer, TargetDetails target)
    {
        writer.WriteStartObject();
        if (target.BaseUrl is { } baseUrl) writer.WriteString("base_url", Core.Configuration.ShownOptions.Text(baseUrl));
        if (target.Method is { } method) writer.WriteString("method", method);
        if (target.Path is { } path) writer.WriteString("uri", redactor.Target(path));
        if (target.Query is { } query) WriteParameters(writer, "query_params", QueryString.Parse(query));
        if (target.Headers.Count > 0) WriteFields(writer, "headers", target.Headers);
        if (target.Metadata.Count > 0) WriteMetadata(writer, target.Metadata);
        writer.WriteEndObject();
    }

    /// <summary>By lower-case name, lines of one name joined.</summary>
    private void WriteFields(Utf8JsonWriter writer, string member, HeaderFields fields)
    {
        var written = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        writer.WriteStartObject(member);
        foreach (var field in fields)
        {
            if (written.Add(field.Name)) writer.WriteString(field.Name.ToLowerInvariant(), redactor.Field(field.Name, fields.Combined(field.Name)!));
        }

        writer.WriteEndObject();
    }

    /// <summary>Names of cookies only: the value of a session cookie lets any reader act as its user.</summary>
    private static void WriteCookies(Utf8JsonWriter writer, RequestEnvelope request)
    {
        writer.WriteStartObject("cookies");
        foreach (var name in request.Cookies.Keys) writer.WriteString(name, Redactor.Marker);
        writer.WriteEndObject();
    }

    private void WriteParameters(Utf8JsonWriter writer, string member, IReadOnlyDictionary<string, IReadOnlyList<string>> parameters)
    {
        writer.WriteStartObject(member);
        foreach (var (name, values) in parameters)
        {
            writer.WriteStartArray(name);
            foreach (var value in values) writer.WriteStringValue(redactor.Parameter(name, value));
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private void WriteMetadata(Utf8JsonWriter writer, IDictionary<string, string> metadata)
    {
        writer.WriteStartObject("metadata");
        foreach (var (name, value) in metadata) writer.WriteString(name, redactor.Metadata(name, value));
        writer.WriteEndObject();
    }

    /// <summary>The known properties of a body that has not been read.</summary>
    private static void WriteContent(Utf8JsonWriter writer, HeaderFields fields, Body body)
    {
        writer.WritePropertyName("content_metadata");
        ContentMetadata.Describe(body, fields).WriteTo(writer);
    }
}
