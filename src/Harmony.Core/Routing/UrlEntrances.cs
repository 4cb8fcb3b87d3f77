using Harmony.Core.Runtime;

namespace Harmony.Core.Routing;

/// <summary>The URLs of a network by which members of a mesh enter. They go before the network's ordinary routes. Immutable.</summary>
public sealed class UrlEntrances
{
    private readonly UrlEntrance[] _all;

    internal UrlEntrances(IEnumerable<UrlEntrance> all)
        => _all = [.. all.OrderByDescending(e => e.Url.Path.Length).ThenByDescending(e => e.Url.Port is not null)];

    /// <summary>Finds the entrance of a request; the one with the longest path wins.</summary>
    /// <param name="scheme">The scheme that the client has used.</param>
    /// <param name="authority">The host that the client has asked for, perhaps with a port.</param>
    /// <param name="path">The canonical path.</param>
    /// <param name="method">The method.</param>
    public RouteMatch<RouteTarget> Match(string scheme, string authority, string path, string method)
    {
        RouteMatch<RouteTarget> found = default;
        foreach (var entrance in _all)
        {
            if (!entrance.Url.Has(scheme, authority, path)) continue;
            found = entrance.Match(path, method);
            if (found.Outcome == RouteOutcome.Found) return found;
        }

        return found;
    }

    /// <summary>
    /// Whether a path looks like that of a URL for members only, although the request is not for that URL: it has another scheme or host, or a last segment
    /// that only begins like the URL's.
    /// </summary>
    public bool IsNear(string path)
    {
        foreach (var entrance in _all)
        {
            if (entrance.ForMembersOnly && path.StartsWith(entrance.Url.Path, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}

/// <summary>One URL by which requests enter an endpoint.</summary>
internal sealed class UrlEntrance
{
    private readonly RouteTable<RouteTarget> _own;
    private readonly RouteTable<RouteTarget> _below;

    /// <param name="url">The URL.</param>
    /// <param name="target">Where it leads.</param>
    /// <param name="forMembersOnly">Whether each request needs a token.</param>
    public UrlEntrance(UrlPrefix url, RouteTarget target, bool forMembersOnly)
    {
        (Url, Target, ForMembersOnly) = (url, target, forMembersOnly);
        var (own, below) = (new RouteTable<RouteTarget>.Builder(), new RouteTable<RouteTarget>.Builder());
        foreach (var route in target.Endpoint.Routes)
        {
            var entered = target with { StripsPrefix = route.IsPrefix };
            if (!route.IsPrefix)
            {
                own.TryAdd(route.Pattern, route.Method, entered, out _);
                continue;
            }

            own.TryAddPrefix(route.Pattern.Text, route.Method, entered, out _);
            below.TryAddPrefix(url.Path, route.Method, entered, out _);
        }

        (_own, _below) = (own.Build(), below.Build());
    }

    public UrlPrefix Url { get; }

    public RouteTarget Target { get; }

    public bool ForMembersOnly { get; }

    /// <summary>
    /// The endpoint's own path where the request has it (<c>https://gateway.example.org</c> with an endpoint at <c>/fhir</c>); else the URL stands in the place
    /// of the endpoint's prefix (<c>https://fhir.example.org/r4</c>).
    /// </summary>
    public RouteMatch<RouteTarget> Match(string path, string method)
    {
        var own = _own.Match(path, method);
        if (own.Outcome == RouteOutcome.Found) return own;
        var below = _below.Match(path, method);
        return below.Outcome == RouteOutcome.NotFound ? own : below;
    }
}
