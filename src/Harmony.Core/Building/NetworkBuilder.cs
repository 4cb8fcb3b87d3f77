using System.Net.Sockets;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Core.Building;

/// <summary>Makes the networks, their route tables still empty.</summary>
internal sealed class NetworkBuilder(BuildEnvironment environment, IReadOnlyList<IProtocolAdapter> adapters, ConfigProblems problems)
{
    // 10.0.0.0/8 and fc00::/7 are the widest ranges that a house has for itself.
    private const int WidestIpv4 = 8;
    private const int WidestIpv6 = 7;

    public IReadOnlyDictionary<string, NetworkDraft> Build()
    {
        var drafts = new Dictionary<string, NetworkDraft>(StringComparer.Ordinal);
        foreach (var definition in environment.Config.Networks.Unique(problems))
        {
            Check(definition.Name, definition.Section);
            foreach (var adapter in adapters) adapter.Check(definition.Name, definition.Section, problems);
            drafts[definition.Name] = new NetworkDraft(definition, TrustedProxies(definition.Section));
        }

        CheckPorts([.. drafts.Values.Where(d => d.Section is { TcpConfig.IsFaulty: false }).Select(d => Bound.By(d.Name, d.Section.TcpConfig!))]);
        CheckPorts([.. drafts.Values.Where(d => d.Section is { Http3.IsFaulty: false }).Select(d => Bound.By(d.Name, d.Section.Http3!))]);
        return drafts;
    }

    private void Check(string name, NetworkSection network)
    {
        if (network.EnableWireguard)
        {
            problems.Warning(network.LocationOf("enable_wireguard"), $"network '{name}': WireGuard is not yet available; what comes in by it is answered 503");
        }

        if (network.Http3 is { IsFaulty: false } http3)
        {
            CheckAddress(name, http3.BindAddress, http3.LocationOf("bind_address"));
            new TlsChecks(environment, problems).Check(http3);
        }

        if (network.TcpConfig is { } tcp) CheckTcp(name, tcp);
    }

    private void CheckTcp(string name, TcpConfigSection tcp)
    {
        CheckAddress(name, tcp.BindAddress, tcp.LocationOf("bind_address"));
        if (!tcp.IsFaulty) new TlsChecks(environment, problems).Check(name, tcp);
    }

    private void CheckAddress(string name, string address, SourceLocation location)
    {
        if (address == "localhost" || Addresses.TryParse(address, out _)) return;
        problems.Error(location, $"'bind_address' of network '{name}' must be an IP address or localhost, not '{address}'");
    }

    private List<System.Net.IPNetwork> TrustedProxies(NetworkSection network)
    {
        var result = new List<System.Net.IPNetwork>();
        for (var i = 0; i < network.TrustedProxies.Count; i++)
        {
            if (Addresses.TryParseRange(network.TrustedProxies[i], out var range))
            {
                result.Add(range);
                if (Addresses.BitsBehindPrefix(network.TrustedProxies[i]))
                {
                    problems.Warning(network.LocationOf("trusted_proxies", i),
                        $"'{network.TrustedProxies[i]}' in 'trusted_proxies' means {range}; write it so, or without the length for one address");
                }

                if (range.PrefixLength >= (range.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? WidestIpv4 : WidestIpv6)) continue;
                problems.Warning(network.LocationOf("trusted_proxies", i),
                    $"'{network.TrustedProxies[i]}' in 'trusted_proxies' is more than any network of proxies: whoever comes from there may name any client address; list your proxies");
            }
            else
            {
                problems.Error(network.LocationOf("trusted_proxies", i),
                    $"'{network.TrustedProxies[i]}' in 'trusted_proxies' is neither an IP address nor a CIDR range such as 10.0.0.0/8");
            }
        }

        return result;
    }

    private void CheckPorts(IReadOnlyList<Bound> all)
    {
        for (var i = 1; i < all.Count; i++)
        {
            var bound = all[i];
            if (all.Take(i).FirstOrDefault(b => b.Port == bound.Port && Addresses.Overlap(b.Address, bound.Address)) is not { } taken) continue;
            problems.Error(bound.Location, taken.Address == bound.Address
                ? $"network '{bound.Network}' and network '{taken.Network}' both bind {bound}"
                : $"network '{bound.Network}' cannot bind {bound}, because network '{taken.Network}' binds {taken}");
        }
    }

    /// <summary>An address and port that a network takes.</summary>
    private sealed record Bound(string Network, string Address, int Port, SourceLocation Location)
    {
        public static Bound By(string network, TcpConfigSection tcp) => new(network, tcp.BindAddress, tcp.BindPort, tcp.LocationOf("bind_port"));

        public static Bound By(string network, Http3Section http3) => new(network, http3.BindAddress, http3.BindPort, http3.LocationOf("bind_port"));

        public override string ToString() => Address.Contains(':') && !Address.StartsWith('[') ? $"[{Address}]:{Port}" : $"{Address}:{Port}";
    }
}
