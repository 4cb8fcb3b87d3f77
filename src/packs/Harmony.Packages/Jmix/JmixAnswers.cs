using System.Globalization;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;

namespace Harmony.Packages.Jmix;

/// <summary>The answers of the JMIX API.</summary>
internal static class JmixAnswers
{
    /// <summary>An error with a JSON object that says why.</summary>
    public static ResponseEnvelope Error(RequestEnvelope request, int status, string reason) => Json(request, status, new JsonObject { ["error"] = reason });

    /// <summary>404, the same for what is not there and for what is no path.</summary>
    public static ResponseEnvelope NotFound(RequestEnvelope request) => Error(request, 404, "no such package");

    /// <summary>405 with the methods that there are.</summary>
    public static ResponseEnvelope NotAllowed(RequestEnvelope request, string methods)
    {
        var response = Error(request, 405, $"allowed are {methods}");
        response.Headers.Add("allow", methods);
        return response;
    }

    /// <summary>The answer to OPTIONS.</summary>
    public static ResponseEnvelope Allowed(RequestEnvelope request, string methods)
    {
        var response = new ResponseEnvelope(request, 204);
        response.Headers.Add("allow", methods);
        return response;
    }

    /// <summary>A JSON document.</summary>
    public static ResponseEnvelope Json(RequestEnvelope request, int status, JsonNode document)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(document.ToJsonString());
        return Bytes(request, status, "application/json", bytes);
    }

    /// <summary>Bytes in memory.</summary>
    public static ResponseEnvelope Bytes(RequestEnvelope request, int status, string contentType, ReadOnlyMemory<byte> bytes)
    {
        var isHead = request.Method == "HEAD";
        var response = new ResponseEnvelope(request, status) { Body = isHead ? Body.Empty() : Body.FromBytes(bytes) };
        response.Headers.Add("content-type", contentType);
        response.Headers.Add("content-length", bytes.Length.ToString(CultureInfo.InvariantCulture));
        return response;
    }

    /// <summary>
    /// The archive of a package: whole, a range of it (RFC 9110 §14), or 304 where the client has it (§13.1.2). A package never changes, so its
    /// identifier is its entity tag.
    /// </summary>
    public static ResponseEnvelope Archive(RequestEnvelope request, Guid id, FileStream file)
    {
        var tag = $"\"{id}\"";
        if (request.Headers["if-none-match"] is { } known && (known.Trim() == "*" || known.Split(',', StringSplitOptions.TrimEntries).Contains(tag)))
        {
            file.Dispose();
            var unchanged = new ResponseEnvelope(request, 304);
            unchanged.Headers.Add("etag", tag);
            return unchanged;
        }

        var wantsRange = request.Method == "GET" && (request.Headers["if-range"] is not { } condition || condition == tag);
        var range = wantsRange ? ByteSpan.Of(request.Headers["range"], file.Length) : ByteSpan.Whole(file.Length);
        if (range is not { } span)
        {
            var length = file.Length;
            file.Dispose();
            var unsatisfiable = Error(request, 416, "the range is not within the package");
            unsatisfiable.Headers.Add("content-range", string.Create(CultureInfo.InvariantCulture, $"bytes */{length}"));
            return unsatisfiable;
        }

        var response = new ResponseEnvelope(request, span.IsWhole ? 200 : 206)
        {
            Body = request.Method == "HEAD" ? Body.Empty() : Body.FromStream(span.Of(file), span.Length),
            Source = file,
        };
        response.Headers.Add("content-type", "application/zip");
        response.Headers.Add("content-length", span.Length.ToString(CultureInfo.InvariantCulture));
        response.Headers.Add("content-disposition", $"attachment; filename=\"{id}.zip\"");
        response.Headers.Add("accept-ranges", "bytes");
        response.Headers.Add("etag", tag);
        if (!span.IsWhole) response.Headers.Add("content-range", string.Create(CultureInfo.InvariantCulture, $"bytes {span.Start}-{span.Start + span.Length - 1}/{span.Total}"));
        return response;
    }
}
