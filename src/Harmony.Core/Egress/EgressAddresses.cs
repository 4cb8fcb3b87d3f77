using System.Net.Sockets;
using System.Net;

namespace Harmony.Core.Egress;

/// <summary>Judges the addresses that names resolve to.</summary>
/// <param name="allowed">Let through although reserved.</param>
/// <param name="denied">Never let through.</param>
internal sealed class EgressAddresses(IReadOnlyList<IPNetwork> allowed, IReadOnlyList<IPNetwork> denied)
{
    /// <summary>Addresses that no other system has, and those by which clouds hand out credentials to any program inside.</summary>
    private static readonly IPNetwork[] Reserved =
    [
        IPNetwork.Parse("0.0.0.0/8"), // this host (RFC 1122 §3.2.1.3); Linux takes it for loopback
        IPNetwork.Parse("169.254.0.0/16"), // link-local (RFC 3927); metadata of AWS, Azure, Google, Oracle and others
        IPNetwork.Parse("100.100.100.200/32"), // metadata of Alibaba
        IPNetwork.Parse("168.63.129.16/32"), // WireServer of Azure
        IPNetwork.Parse("192.0.0.192/32"), // metadata of Oracle, older
        IPNetwork.Parse("224.0.0.0/4"), // multicast
        IPNetwork.Parse("240.0.0.0/4"), // reserved, broadcast
        IPNetwork.Parse("::/128"), // unspecified
        IPNetwork.Parse("fe80::/10"), // link-local (RFC 4291 §2.5.6)
        IPNetwork.Parse("fd00:ec2::/32"), // metadata and credentials of AWS
        IPNetwork.Parse("fd20:ce::254/128"), // metadata of Google
        IPNetwork.Parse("ff00::/8"), // multicast
    ];

    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96"); // NAT64 (RFC 6052 §2.1)
    private static readonly IPNetwork Tunnelled = IPNetwork.Parse("2002::/16"); // 6to4 (RFC 3056 §2)
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96"); // IPv4-compatible (RFC 4291 §2.5.5.1)

    public bool Permits(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6) address = Unscoped(address);
        return PermitsOne(address) && (Embedded(address) is not { } inner || PermitsOne(inner));
    }

    private bool PermitsOne(IPAddress address)
        => !Holds(denied, address) && (!Holds(Reserved, address) || Holds(allowed, address));

    /// <summary>The IPv4 address that an IPv6 address stands for and that packets may end up at.</summary>
    private static IPAddress? Embedded(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return null;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (Tunnelled.Contains(address)) return new IPAddress(bytes.AsSpan(2, 4));
        if (Translated.Contains(address)) return new IPAddress(bytes.AsSpan(12, 4));
        return Compatible.Contains(address) && !IPAddress.IsLoopback(address) && !address.Equals(IPAddress.IPv6None)
            ? new IPAddress(bytes.AsSpan(12, 4))
            : null;
    }

    /// <summary>An address with a zone (<c>fe80::1%eth0</c>) lies in the same range as one without.</summary>
    private static IPAddress Unscoped(IPAddress address) => address.ScopeId == 0 ? address : new IPAddress(address.GetAddressBytes());

    private static bool Holds(IReadOnlyList<IPNetwork> ranges, IPAddress address)
    {
        foreach (var range in ranges)
        {
            if (range.Contains(address)) return true;
        }

        return false;
    }
}

/// <summary>
/// Resolves a name and connects only to those of its addresses that the policy permits. Judging and connecting use the same answer of the
/// name server: one that answers differently the second time (DNS rebinding) gains nothing.
/// </summary>
/// <param name="policy">Judges addresses.</param>
/// <param name="resolve">Resolves names; the system's resolver when null.</param>
internal sealed class EgressConnector(EgressPolicy policy, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve = resolve ?? Dns.GetHostAddressesAsync;

    /// <exception cref="EgressException"><see cref="EgressFailure.Denied"/>: none of the addresses is permitted.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _resolve(host, ct);
        var permitted = Array.FindAll(addresses, policy.Permits);
        if (permitted.Length == 0 && addresses.Length > 0)
        {
            throw new EgressException(EgressFailure.Denied, $"'{host}' may not be reached: {EgressPolicy.ReasonAgainst(addresses[0])}");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(permitted, port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
