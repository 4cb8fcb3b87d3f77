using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Harmony.Imaging.Services.DicomScu.Operations;

/// <summary>
/// The objects in the body of a request, one after another and never in memory: one, or the parts of a <c>multipart/related</c> one (RFC 2387,
/// PS3.18 §8.6.1.2). Each has to be read before the next is asked for.
/// </summary>
internal static class SentObjects
{
    /// <summary>RFC 2046 §5.1.1 allows 70; Orthanc's are two UUIDs, which are 73.</summary>
    private const int MaxBoundary = 200;

    /// <exception cref="GatewayException"><see cref="FaultKind.Malformed"/>: the body is no such thing.</exception>
    public static async IAsyncEnumerable<Stream> InAsync(RequestEnvelope request)
    {
        var isTyped = MediaTypeHeaderValue.TryParse(request.Headers["content-type"], out var type);
        var body = request.Body.OpenStream();
        if (!isTyped || !type!.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            yield return body;
            yield break;
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > MaxBoundary)
            throw Malformed("its content type has no boundary, or one that RFC 2046 does not allow", null);
        var reader = new MultipartReader(boundary, body);
        while (await NextAsync(reader, request.Aborted) is { } part) yield return part.Body;
    }

    private static async ValueTask<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken ct)
    {
        try
        {
            return await reader.ReadNextSectionAsync(ct);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw Malformed("a delimiter is missing, or the head of a part is too long", e);
        }
    }

    private static GatewayException Malformed(string reason, Exception? cause)
        => new(FaultSource.Client, FaultKind.Malformed, $"the body is not multipart: {reason}", cause);
}
