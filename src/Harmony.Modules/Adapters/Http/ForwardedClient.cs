using System.Buffers;
using System.Net;
using Harmony.Core.Envelope;

namespace Harmony.Modules.Adapters.Http;

/// <summary>
/// Whom a request is from: the peer of the connection, unless that is a trusted proxy, whose <c>Forwarded</c> (RFC 7239) or
/// <c>X-Forwarded-*</c> fields are believed then. Hops are walked from the nearest, as far as each is trusted.
/// </summary>
internal readonly record struct ForwardedClient(IPAddress? Address, string Scheme, string Host)
{
    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:[]");

    public static ForwardedClient Of(IPAddress? peer, string scheme, string host, HeaderFields headers, IReadOnlyList<IPNetwork> trusted)
    {
        if (trusted.Count == 0 || peer is null || !IsTrusted(peer, trusted)) return new ForwardedClient(peer, scheme, host);
        var hops = Hops(headers);
        var client = peer;
        for (var i = hops.Count - 1; i >= 0; i--)
        {
            if (hops[i].Address is not { } address) break;
            client = address;
            scheme = hops[i].Scheme ?? scheme;
            host = hops[i].Host ?? host;
            if (!IsTrusted(address, trusted)) break;
        }

        if (LastOf(headers, "x-forwarded-proto") is { } proto && (proto is "http" or "https")) scheme = proto;
        if (LastOf(headers, "x-forwarded-host") is { } named && IsHost(named)) host = named;
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

    /// <summary>
    /// The hops, farthest first. Nearly every proxy writes <c>X-Forwarded-For</c> and lets a <c>Forwarded</c> of its client pass, so that
    /// one counts only where the other is missing.
    /// </summary>
    private static List<(IPAddress? Address, string? Scheme, string? Host)> Hops(HeaderFields headers)
    {
        var hops = new List<(IPAddress?, string?, string?)>();
        if (headers.Combined("x-forwarded-for") is { } list)
        {
            foreach (var entry in list.Split(',')) hops.Add((Parse(entry), null, null));
        }
        else if (headers.Combined("forwarded") is { } forwarded)
        {
            foreach (var element in forwarded.Split(',')) hops.Add(Element(element));
        }

        return hops;
    }

    private static (IPAddress? Address, string? Scheme, string? Host) Element(string element)
    {
        (IPAddress? address, string? scheme, string? host) = (null, null, null);
        foreach (var pair in element.Split(';'))
        {
            var equals = pair.IndexOf('=');
            if (equals < 0) continue;
            var value = pair[(equals + 1)..].Trim().Trim('"');
            switch (pair[..equals].Trim().ToLowerInvariant())
            {
                case "for": address = Parse(value); break;
                case "proto" when value is "http" or "https": scheme = value; break;
                case "host" when IsHost(value): host = value; break;
            }
        }

        return (address, scheme, host);
    }

    /// <summary>An address with or without port and brackets; null for names such as <c>unknown</c> and <c>_hidden</c>.</summary>
    private static IPAddress? Parse(string text)
    {
        text = text.Trim();
        if (IPAddress.TryParse(text.StartsWith('[') ? text.TrimStart('[').Split(']')[0] : text, out var address)) return Plain(address);
        return IPEndPoint.TryParse(text, out var endpoint) ? Plain(endpoint.Address) : null;
    }

    /// <summary>Whether text from a proxy may stand where a host does, in fields that we write.</summary>
    private static bool IsHost(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(HostCharacters);

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static string? LastOf(HeaderFields headers, string name) => headers.Combined(name)?.Split(',')[^1].Trim();
}
