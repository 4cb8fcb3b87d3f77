using System.Globalization;
using Harmony.Core.Envelope;

namespace Harmony.Packages.Jmix;

/// <summary>
/// Requests of resumable uploads: TUS 1.0.0 (https://tus.io/protocols/resumable-upload), the core with creation, termination and expiration, at
/// <c>…/api/jmix/uploads</c>.
/// </summary>
internal static class TusRequest
{
    public const string Version = "1.0.0";

    private const string Extensions = "creation,termination,expiration";

    /// <summary>
    /// Takes <c>X-HTTP-Method-Override</c> for the method, as the protocol demands, before policies look at the request: a method that they deny does not
    /// come in under the name of another.
    /// </summary>
    public static void OverrideMethod(RequestEnvelope request)
    {
        if (request.Method == "POST" && request.Headers["x-http-method-override"] is "PATCH" or "DELETE" or "HEAD")
            request.Method = request.Headers["x-http-method-override"]!;
    }

    /// <summary>The parsed request below <c>uploads</c>, or the response to a request that the protocol does not have.</summary>
    /// <param name="request">The request.</param>
    /// <param name="upload">The upload that the path names; null for none.</param>
    /// <param name="largest">Bytes that an upload may have; null for any number.</param>
    public static (JmixCall? Call, ResponseEnvelope? Answer) Parse(RequestEnvelope request, Guid? upload, long? largest)
    {
        var methods = upload is null ? "POST, OPTIONS" : "HEAD, PATCH, DELETE, OPTIONS";
        if (request.Method == "OPTIONS") return (null, Options(request, methods, largest));
        if (request.Headers["tus-resumable"] != Version)
        {
            var refused = JmixResponses.Error(request, 412, $"this server speaks TUS {Version}: send 'Tus-Resumable: {Version}'");
            refused.Headers.Set("tus-version", Version);
            return (null, Marked(refused));
        }

        return (request.Method, upload) switch
        {
            ("POST", null) => Creation(request, largest),
            ("HEAD" or "DELETE", { } id) => (new JmixCall(JmixOperation.Resumable, id), null),
            ("PATCH", { } id) => Continuation(request, id),
            _ => (null, Marked(JmixResponses.NotAllowed(request, methods))),
        };
    }

    /// <summary>The number of bytes in a header; null if the header is absent or malformed.</summary>
    public static long? Number(RequestEnvelope request, string header)
        => long.TryParse(request.Headers[header], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Adds the headers that the protocol demands of every response.</summary>
    public static ResponseEnvelope Marked(ResponseEnvelope response)
    {
        response.Headers.Set("tus-resumable", Version);
        return response;
    }

    private static ResponseEnvelope Options(RequestEnvelope request, string methods, long? largest)
    {
        var response = Marked(JmixResponses.Allowed(request, methods));
        response.Headers.Add("tus-version", Version);
        response.Headers.Add("tus-extension", Extensions);
        if (largest is { } bytes) response.Headers.Add("tus-max-size", bytes.ToString(CultureInfo.InvariantCulture));
        return response;
    }

    private static (JmixCall?, ResponseEnvelope?) Creation(RequestEnvelope request, long? largest)
    {
        if (Number(request, "upload-length") is not { } length || length == 0)
            return (null, Marked(JmixResponses.Error(request, 400,
                "'Upload-Length' says how many bytes the package has; lengths that are told later are not taken")));
        if (length > largest) return (null, Marked(JmixResponses.Error(request, 413, $"packages have at most {largest} bytes here")));
        return (new JmixCall(JmixOperation.Resumable), null);
    }

    private static (JmixCall?, ResponseEnvelope?) Continuation(RequestEnvelope request, Guid id)
    {
        if (request.Headers["content-type"] != "application/offset+octet-stream") return (null,
            Marked(JmixResponses.Error(request, 415, "the type of a part is application/offset+octet-stream")));
        return Number(request, "upload-offset") is null
            ? (null, Marked(JmixResponses.Error(request, 400, "'Upload-Offset' says where the part begins")))
            : (new JmixCall(JmixOperation.Resumable, id), null);
    }
}
