using Harmony.Core.Configuration;

namespace Harmony.Core.Building;

/// <summary>An <c>authentication</c> that an endpoint or its peer names, for steps of the pipeline to ask for.</summary>
/// <param name="Name">The name in <c>[authentications.*]</c>.</param>
/// <param name="Location">Where it stands.</param>
internal sealed record WantedAuthentication(string Name, SourceLocation Location)
{
    /// <summary>What the endpoint names, else its peer; null where neither does.</summary>
    public static WantedAuthentication? Of(EndpointSection endpoint, RemoteSystemSection? peer)
    {
        if (endpoint.Authentication is { } own) return IsOne(own) ? new WantedAuthentication(own, endpoint.LocationOf("authentication")) : null;
        return IsOne(peer?.Authentication) ? new WantedAuthentication(peer!.Authentication!, peer.LocationOf("authentication")) : null;
    }

    private static bool IsOne(string? name) => !string.IsNullOrEmpty(name) && name != "none";
}
