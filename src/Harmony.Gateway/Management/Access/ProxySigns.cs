using System.Net;
using Harmony.Core.Envelope;

namespace Harmony.Gateway.Management.Access;

/// <summary>
/// Tells whether a request may have come through a proxy of this machine: the peer is on this machine then, and the client need not be.
/// A proxy that says nothing of itself cannot be told; that is why the API should not share its network.
/// </summary>
internal static class ProxySigns
{
    /// <summary>Parts of names of fields that proxies, load balancers and delivery networks write; underscores count as hyphens.</summary>
    private static readonly string[] Parts =
    [
        "forwarded", "real-ip", "client-ip", "clientip", "connecting-ip", "remote-ip", "remote-addr", "proxyuser", "proxy-", "x-envoy-", "x-amz-", "x-amzn-", "x-azure-",
        "x-arr-", "x-appengine-", "x-original-", "x-cluster-", "cf-", "cdn-", "fastly-", "fly-", "akamai-",
    ];

    /// <summary>Whether there is a sign of a proxy.</summary>
    public static bool AreOn(RequestEnvelope request)
    {
        if (request.ComesFromTrustedProxy || request.RemoteAddress is not { } peer || !IPAddress.IsLoopback(peer)) return true;
        foreach (ref readonly var field in request.Headers.AsSpan())
        {
            if (IsOfAProxy(field.Name)) return true;
        }

        return false;
    }

    private static bool IsOfAProxy(string name)
    {
        if (name.Equals("via", StringComparison.OrdinalIgnoreCase)) return true;
        var plain = name.Contains('_') ? name.Replace('_', '-') : name;
        foreach (var part in Parts)
        {
            if (plain.Contains(part, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
