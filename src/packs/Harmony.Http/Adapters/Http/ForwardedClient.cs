using System.Net;
using Harmony.Core.Envelope;
using Harmony.Core.Runtime;

namespace Harmony.Http.Adapters.Http;

/// <summary>
/// The client of a request: the peer of the connection, unless the peer is a trusted proxy, whose forwarding headers count then. Hops
/// are walked from the nearest, as far as each is trusted.
/// </summary>
/// <param name="Address">The client's address; null where a trusted proxy does not tell a plain one.</param>
/// <param name="Scheme">The scheme that the client has used.</param>
/// <param name="Host">The host that the client has asked for.</param>
internal readonly record struct ForwardedClient(IPAddress? Address, string Scheme, string Host)
{
    public static ForwardedClient Of(IPAddress? peer, string scheme, string host, HeaderFields headers, NetworkModel network)
        => Of(peer, scheme, host, headers, network.TrustedProxies, network.ForwardedBy);

    public static ForwardedClient Of(
        IPAddress? peer, string scheme, string host, HeaderFields headers, IReadOnlyList<IPNetwork> trusted, ForwardingField field)
    {
        if (trusted.Count == 0 || peer is null || !IsTrusted(peer, trusted)) return new ForwardedClient(peer, scheme, host);
        var client = Walk(headers, peer, trusted, field, ref scheme, ref host);
        if (field == ForwardingField.XForwardedFor)
        {
            if (LastOf(headers, "x-forwarded-proto") is { } proto && (proto is "http" or "https")) scheme = proto;
            if (LastOf(headers, "x-forwarded-host") is { } named && ForwardedHops.IsHost(named)) host = named;
        }

        return new ForwardedClient(client, scheme, host);
    }

    public static bool IsTrusted(IPAddress address, IReadOnlyList<IPNetwork> trusted)
    {
        foreach (var range in trusted)
        {
            if (range.Contains(address)) return true;
        }

        return false;
    }

    private static IPAddress? Walk(
        HeaderFields headers, IPAddress peer, IReadOnlyList<IPNetwork> trusted, ForwardingField field, ref string scheme, ref string host)
    {
        if (ForwardedHops.Read(headers, field) is not { } hops)
        {
            // A proxy that sends the other header only is not the proxy that the configuration describes: the client is unknown then.
            return headers.Contains(field == ForwardingField.Forwarded ? "x-forwarded-for" : "forwarded") ? null : peer;
        }

        IPAddress? client = peer;
        for (var i = hops.Count - 1; i >= 0; i--)
        {
            client = hops[i].Address;
            scheme = hops[i].Scheme ?? scheme;
            host = hops[i].Host ?? host;
            // An unknown hop ends the walk: the proxy in front of it is not the client.
            if (client is null || !IsTrusted(client, trusted)) break;
        }

        return client;
    }

    private static string? LastOf(HeaderFields headers, string name) => headers.Combined(name)?.Split(',')[^1].Trim();
}
