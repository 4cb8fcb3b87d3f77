using Harmony.Core.Content;
using Harmony.Core.Envelope;

namespace Harmony.Imaging.Services.DicomWeb.Answers;

/// <summary>Conditional requests: RFC 9110 §13.</summary>
internal static class Validators
{
    private const string ETag = "etag";

    /// <summary>Answers 304 where the client has what it would get.</summary>
    public static bool TryAnswer304(ResponseEnvelope response)
    {
        if (response.Status != 200 || response.Request.Method is not ("GET" or "HEAD")) return false;
        if (response.Headers[ETag] is not { } tag || response.Request.Headers.Combined("if-none-match") is not { } known) return false;
        if (!EntityTags.Names(known, tag)) return false;
        response.Status = 304;
        response.Headers.Remove("content-type");
        response.Body.Replace(ReadOnlyMemory<byte>.Empty);
        return true;
    }
}
