using Harmony.Http.Services.Http.Forwarding;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Harmony.Http.Adapters.Http;

/// <summary>How far a request may go: not twice through one pipeline, and not beyond its <c>Max-Forwards</c>.</summary>
internal static class HopLimits
{
    /// <summary>Whether a gateway of this name has forwarded the request before (RFC 9110 §7.6.3), so that it goes round in a loop.</summary>
    public static bool HasPassed(StringValues via, string name)
    {
        foreach (var line in via)
        {
            if (line is null || !line.Contains(name, StringComparison.OrdinalIgnoreCase)) continue;
            foreach (var range in line.AsSpan().Split(','))
            {
                if (ReceivedBy(line.AsSpan(range)).Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
            }
        }

        return false;
    }

    /// <summary>Whether the gateway is the last that may get the request (RFC 9110 §7.6.2).</summary>
    public static bool EndsHere(IHttpRequestFeature request)
        => request.Method is "OPTIONS" or "TRACE" && MaxForwards.TryParse(request.Headers.MaxForwards, out var left) && left == 0;

    /// <summary>The second word of <c>1.1 name (comment)</c>.</summary>
    private static ReadOnlySpan<char> ReceivedBy(ReadOnlySpan<char> hop)
    {
        hop = hop.Trim();
        var blank = hop.IndexOfAny(' ', '\t');
        if (blank < 0) return default;
        hop = hop[blank..].TrimStart();
        blank = hop.IndexOfAny(' ', '\t');
        return blank < 0 ? hop : hop[..blank];
    }
}
