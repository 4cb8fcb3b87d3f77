using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;

namespace Harmony.Core.Content;

/// <summary>
/// Shows bodies as data to middleware that only looks. Any body, however long, passes byte for byte as if it had not been looked at, and no
/// request fails: what is too long or cannot be read is described in words. One instance serves every request of a configuration.
/// </summary>
/// <remarks>What is held is bounded by <c>max_body_size</c>: in memory where it becomes data, else beyond 64 KiB in a temporary file.</remarks>
/// <param name="limits">How much of a body is held and parsed.</param>
public sealed class ContentObserver(ContentLimitsSection limits)
{
    private static readonly string[] DocumentTypes = ["/json", "+json", "/xml", "+xml", "text/csv", "form-urlencoded"];

    private readonly ContentReader _reader = new(limits);

    /// <summary>The body of a request.</summary>
    public ValueTask<ContentLook> LookAsync(RequestEnvelope request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        return LookAsync(request.Body, request.Headers, () => _reader.ReadAsync(request, ct), ct);
    }

    /// <summary>The body of an answer.</summary>
    public ValueTask<ContentLook> LookAsync(ResponseEnvelope response, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(response);
        return LookAsync(response.Body, response.Headers, () => _reader.ReadAsync(response, ct), ct);
    }

    private async ValueTask<ContentLook> LookAsync(Body body, HeaderFields fields, Func<ValueTask<JsonNode?>> read, CancellationToken ct)
    {
        if (body.TryGetData(out var known)) return new ContentLook(known, null);
        // The end of a stream may be far away, as that of events is.
        if (!body.IsKept && body.Length is null && !IsDocument(fields["content-type"])) return Hidden("it streams, its length is not known");
        if (body.Length > limits.MaxBodySize || (!body.HasView && !await body.TryKeepAsync(limits.MaxBodySize, ct)))
        {
            return Hidden("it is larger than content_limits.max_body_size, or was broken off");
        }

        try
        {
            return new ContentLook(await read(), null);
        }
        catch (Exception e) when (e is GatewayException or IOException)
        {
            return Hidden("it cannot be read as data");
        }
    }

    private static bool IsDocument(string? contentType)
        => contentType is not null && DocumentTypes.Any(type => contentType.Contains(type, StringComparison.OrdinalIgnoreCase));

    private static ContentLook Hidden(string reason) => new(null, $"not shown: {reason}");
}

/// <summary>The part of a body that an observer has seen.</summary>
/// <param name="Data">The body as data.</param>
/// <param name="WhyNot">Why there are no data, in words; null where there are.</param>
public readonly record struct ContentLook(JsonNode? Data, string? WhyNot);
