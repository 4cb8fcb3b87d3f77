using Harmony.Core.Envelope;

namespace Harmony.Imaging.Services.DicomWeb;

/// <summary>Which web pages may use the service from a browser: the CORS protocol of the Fetch standard.</summary>
internal sealed class Cors(IReadOnlyList<string> origins, bool credentials)
{
    private const string Methods = "GET, HEAD, POST, OPTIONS";

    /// <summary>What pages may read of responses beyond what every page may.</summary>
    private const string Exposed = "accept-ranges, content-encoding, content-length, content-location, content-range, etag, retry-after, warning, x-request-id";

    private readonly bool _isOpen = origins.Contains("*", StringComparer.Ordinal);

    /// <summary>Adds to a response what lets the page that asked read it; nothing where it may not.</summary>
    public void AddTo(ResponseEnvelope response)
    {
        if (!TryAllow(response)) return;
        response.Headers.Set("access-control-expose-headers", Exposed);
    }

    /// <summary>The answer to what a browser asks before a request, or anybody by OPTIONS.</summary>
    public void AddPreflight(ResponseEnvelope response)
    {
        response.Headers.Set("allow", Methods);
        if (!TryAllow(response)) return;
        response.Headers.Set("access-control-allow-methods", Methods);
        var asked = response.Request.Headers.Combined("access-control-request-headers");
        var isFit = asked is { Length: > 0 and < 1024 } && !asked.AsSpan().ContainsAnyExceptInRange(' ', '~');
        // Not "*", which leaves Authorization out.
        response.Headers.Set("access-control-allow-headers", isFit ? asked! : "accept, authorization, content-type, if-none-match, range");
        response.Headers.Set("access-control-max-age", "600");
    }

    private bool TryAllow(ResponseEnvelope response)
    {
        if (_isOpen && !credentials)
        {
            response.Headers.Set("access-control-allow-origin", "*");
            return true;
        }

        response.Headers.Add("vary", "origin");
        if (response.Request.Headers["origin"] is not { } origin || !origins.Contains(origin, StringComparer.OrdinalIgnoreCase)) return false;
        response.Headers.Set("access-control-allow-origin", origin);
        if (credentials) response.Headers.Set("access-control-allow-credentials", "true");
        return true;
    }
}
