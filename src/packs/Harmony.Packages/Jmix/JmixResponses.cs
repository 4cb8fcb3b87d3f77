using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Jmix;
using Harmony.Packages.Store;

namespace Harmony.Packages.Jmix;

/// <summary>The responses of the JMIX API.</summary>
internal static class JmixResponses
{
    /// <summary>An error, with a JSON object that gives the reason.</summary>
    public static ResponseEnvelope Error(RequestEnvelope request, int status, string reason) => Json(request, status, new JsonObject { ["error"] = reason });

    /// <summary>400, or 413, for a body that is no package, with the finding.</summary>
    public static ResponseEnvelope Refused(RequestEnvelope request, JmixException e)
    {
        var finding = new JsonObject
        {
            ["code"] = JsonNamingPolicy.KebabCaseLower.ConvertName(e.Fault.ToString()), ["where"] = "archive", ["message"] = e.Message,
        };
        return Json(request, e.Fault == JmixFault.TooLarge ? 413 : 400, new JsonObject { ["error"] = e.Message, ["findings"] = new JsonArray(finding) });
    }

    /// <summary>404, the same for a package that does not exist and for a path that does not.</summary>
    public static ResponseEnvelope NotFound(RequestEnvelope request) => Error(request, 404, "no such package");

    /// <summary>405, with the methods that the path has.</summary>
    public static ResponseEnvelope NotAllowed(RequestEnvelope request, string methods)
    {
        var response = Error(request, 405, $"allowed are {methods}");
        response.Headers.Add("allow", methods);
        return response;
    }

    /// <summary>The response to OPTIONS.</summary>
    public static ResponseEnvelope Allowed(RequestEnvelope request, string methods)
    {
        var response = new ResponseEnvelope(request, 204);
        response.Headers.Add("allow", methods);
        return response;
    }

    /// <summary>A response with a JSON document.</summary>
    public static ResponseEnvelope Json(RequestEnvelope request, int status, JsonNode document)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(document.ToJsonString());
        return Bytes(request, status, "application/json", bytes);
    }

    /// <summary>A response with bytes in memory.</summary>
    public static ResponseEnvelope Bytes(RequestEnvelope request, int status, string contentType, ReadOnlyMemory<byte> bytes)
    {
        var isHead = request.Method == "HEAD";
        var response = new ResponseEnvelope(request, status) { Body = isHead ? Body.Empty() : Body.FromBytes(bytes) };
        response.Headers.Add("content-type", contentType);
        response.Headers.Add("content-length", bytes.Length.ToString(CultureInfo.InvariantCulture));
        return response;
    }

    /// <summary>
    /// The archive of a package: whole, a range, or 304 if the client has the archive. A package never changes, so its identifier is its entity tag.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The package.</param>
    /// <param name="file">Its archive; disposed with the response.</param>
    /// <param name="ct">Ends the wait for the store.</param>
    public static async ValueTask<ResponseEnvelope> ArchiveAsync(RequestEnvelope request, Guid id, Stream file, CancellationToken ct)
    {
        var isOpened = false;
        var response = await new Representation(file.Length, $"\"{id}\"", "application/zip").AnswerAsync(request, async range =>
        {
            isOpened = true;
            file.Position = range?.Start ?? 0;
            if (file is SeekableObject stored) await stored.BeginAsync(ct); // a store that is away is 503, not an archive that breaks off
            return range is { } part ? new RangeStream(file, new ByteRange(0, part.Length)) : file;
        });
        if (!isOpened) await file.DisposeAsync();
        if (response.Status is 200 or 206) response.Headers.Set("content-disposition", $"attachment; filename=\"{id}.zip\"");
        return response;
    }
}
