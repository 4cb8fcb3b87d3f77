using System.Globalization;
using Harmony.Core.Content;

namespace Harmony.Core.Envelope;

/// <summary>Bytes that a client can ask for whole, in part, or only if it does not have them: RFC 9110 §13 and §14.</summary>
/// <param name="Length">Number of bytes.</param>
/// <param name="ETag">The strong entity tag, with its quotes.</param>
/// <param name="ContentType">The media type.</param>
public sealed record Representation(long Length, string ETag, string ContentType)
{
    /// <summary>When the bytes last changed; null when unknown.</summary>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>
    /// The response to a GET or HEAD: 200, 206 with one range, 304 where the client has the bytes, 412 where the client wants others, 416 for a range
    /// behind the end.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="open">
    /// Opens the bytes, or the part of them; called at most once, and only for a response with a body. The stream is disposed with the response.
    /// </param>
    public async ValueTask<ResponseEnvelope> AnswerAsync(RequestEnvelope request, Func<ByteRange?, ValueTask<Stream>> open)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(open);
        if (request.Headers.Combined("if-match") is { } wanted && !EntityTags.NamesStrongly(wanted, ETag)) return Bare(request, 412);
        if (ClientHasIt(request)) return Bare(request, 304);
        var range = request.Method == "GET" && RangeHolds(request) ? ByteRange.Of(request.Headers["range"], Length) : null;
        if (range is { Length: 0 } beyond)
        {
            var unsatisfiable = Bare(request, 416);
            unsatisfiable.Headers.Set("content-range", beyond.ContentRange(Length));
            return unsatisfiable;
        }

        var length = range?.Length ?? Length;
        var stream = request.Method == "HEAD" ? null : await open(range);
        var response = new ResponseEnvelope(request, range is null ? 200 : 206)
        {
            Body = stream is null ? Body.Empty() : Body.FromStream(stream, length),
            Source = stream,
        };
        AddValidators(response);
        response.Headers.Set("content-type", ContentType);
        response.Headers.Set("content-length", length.ToString(CultureInfo.InvariantCulture));
        response.Headers.Set("accept-ranges", "bytes");
        if (range is { } part) response.Headers.Set("content-range", part.ContentRange(Length));
        return response;
    }

    private bool ClientHasIt(RequestEnvelope request)
    {
        if (request.Headers.Combined("if-none-match") is { } known) return EntityTags.Names(known, ETag);
        return Modified is { } modified && TryDate(request.Headers["if-modified-since"], out var since)
            && modified.ToUnixTimeSeconds() <= since.ToUnixTimeSeconds();
    }

    private bool RangeHolds(RequestEnvelope request)
    {
        if (request.Headers["if-range"] is not { } condition) return true;
        return condition == ETag || (Modified is { } modified && TryDate(condition, out var date) && modified.ToUnixTimeSeconds() == date.ToUnixTimeSeconds());
    }

    private static bool TryDate(string? text, out DateTimeOffset date)
        => DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date);

    private ResponseEnvelope Bare(RequestEnvelope request, int status)
    {
        var response = new ResponseEnvelope(request, status);
        AddValidators(response);
        return response;
    }

    private void AddValidators(ResponseEnvelope response)
    {
        response.Headers.Set("etag", ETag);
        if (Modified is { } modified) response.Headers.Set("last-modified", modified.ToString("R", CultureInfo.InvariantCulture));
    }
}
