using Microsoft.AspNetCore.Http;

namespace Harmony.Http.Adapters.Http;

/// <summary>Shapes of requests that two servers may read differently, so that none of them is forwarded.</summary>
internal static class Refusable
{
    /// <summary>Why the request is refused, or null.</summary>
    public static string? Reason(HttpExchange exchange)
    {
        var method = exchange.Request.Method;
        // Methods are case-sensitive (RFC 9110 §9.1), but HttpClient and many origins read "delete" as DELETE: no rule may be bypassed by it.
        if (HttpMethods.GetCanonicalizedValue(method) != method) return "a method that differs from a known one in letter case only";
        if (method == "CONNECT" && exchange.ExtendedConnect is { Protocol: { } protocol } && HttpSwitch.LeadsAround(protocol)) return "a tunnel for another HTTP";
        return exchange.Request.Headers.TransferEncoding.Count > 0 ? ReasonOfFraming(exchange) : null;
    }

    private static string? ReasonOfFraming(HttpExchange exchange)
    {
        var headers = exchange.Request.Headers;
        // Kestrel moves the Content-Length that stands beside Transfer-Encoding to this field (RFC 9112 §6.3 allows to refuse instead).
        if (headers.ContentLength is not null || headers.ContainsKey("X-Content-Length")) return "both Content-Length and Transfer-Encoding";
        if (exchange.Request.Protocol != "HTTP/1.1") return "Transfer-Encoding outside HTTP/1.1"; // RFC 9112 §6.1, RFC 9113 §8.2.2
        // No other coding is ours to undo, and what Kestrel does not undo the origin would take for content.
        var isChunked = headers.TransferEncoding.Count == 1 && "chunked".Equals(headers.TransferEncoding[0], StringComparison.OrdinalIgnoreCase);
        return isChunked ? null : "a Transfer-Encoding other than chunked";
    }
}
