using Harmony.Core.Routing;
using Harmony.Core.Runtime;

namespace Harmony.Http.Adapters.Http;

/// <summary>How a request enters a network: by a URL of a mesh's ingress, which goes first, or by a route. The default value knows no URLs.</summary>
/// <param name="entrances">The URLs.</param>
/// <param name="client">The scheme and the host that the client has used; only trusted proxies may say others than the connection does.</param>
internal readonly struct Entering(UrlEntrances? entrances, ForwardedClient client)
{
    /// <summary>Finds where a path leads.</summary>
    public RouteMatch<RouteTarget> Match(NetworkModel network, string path, string method)
    {
        if (entrances is null) return network.Routes.Match(path, method);
        var entered = entrances.Match(client.Scheme, client.Host, path, method);
        return entered.Outcome == RouteOutcome.NotFound ? network.Routes.Match(path, method) : entered;
    }

    /// <summary>Whether a path that leads nowhere looks like one for members of a mesh.</summary>
    public bool IsNear(string path) => entrances?.IsNear(path) == true;
}
