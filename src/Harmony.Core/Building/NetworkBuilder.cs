using System.Net.Sockets;
using System.Net;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Routing;
using Harmony.Core.Runtime;

namespace Harmony.Core.Building;

/// <summary>A network while pipelines are being attached to it.</summary>
internal sealed class NetworkDraft(Definition<NetworkSection> definition, IReadOnlyList<IPNetwork> trustedProxies)
{
    private readonly RouteTable<RouteTarget>.Builder _routes = new();
    private readonly List<RouteTarget> _endpoints = [];
    private readonly List<(UrlEntrance Entrance, MeshEntrance Ingress)> _entrances = [];
    private bool _hasHttp;
    private bool _hasOther;

    public string Name => definition.Name;

    public NetworkSection Section => definition.Section;

    /// <summary>Whether its TCP listener is not opened: its certificate cannot be used.</summary>
    public bool StaysClosed { get; init; }

    /// <summary>Why nothing may be served here: the guard that the network asks for is not there. Null when nothing is missing.</summary>
    public string? Closed => Section.EnableWireguard ? "not yet available: WireGuard" : null;

    /// <summary>Attaches an endpoint; a route that another pipeline has already is an error that names both.</summary>
    public void Attach(RouteTarget target, SourceLocation location, ConfigProblems problems)
    {
        _endpoints.Add(target);
        if (target.Endpoint.Protocol == "http") _hasHttp = true;
        else _hasOther = true;

        var conflicts = new List<(EndpointRoute Route, RouteTarget Other)>();
        foreach (var route in target.Endpoint.Routes)
        {
            if (!TryAdd(route, target, out var existing)) conflicts.Add((route, existing));
        }

        foreach (var conflict in conflicts.GroupBy(c => (c.Other.Pipeline.Name, c.Other.EndpointName), c => c.Route)) Report(conflict.Key, [.. conflict]);

        void Report((string Pipeline, string Endpoint) other, List<EndpointRoute> routes)
        {
            var what = string.Join(", ", routes.Select(r => r.Method is null ? $"'{r.Pattern.Text}'" : $"'{r.Method} {r.Pattern.Text}'"));
            problems.Error(location, other.Pipeline == target.Pipeline.Name
                ? $"pipeline '{other.Pipeline}' claims {what} twice on network '{Name}', by endpoint '{other.Endpoint}' and endpoint '{target.EndpointName}'"
                : $"pipelines '{other.Pipeline}' and '{target.Pipeline.Name}' both claim {what} on network '{Name}'");
        }
    }

    /// <summary>Attaches a URL by which members enter; one that leads elsewhere already is an error that names both.</summary>
    public void Attach(UrlEntrance entrance, MeshEntrance ingress, ConfigProblems problems)
    {
        var other = _entrances.Find(e => e.Entrance.Url.IsSameAs(entrance.Url));
        if (other.Entrance is not null && other.Ingress.Name != ingress.Name)
        {
            problems.Error(ingress.Location, $"ingress '{other.Ingress.Name}' and ingress '{ingress.Name}' both claim {entrance.Url} on network '{Name}'");
        }

        _entrances.Add((entrance, ingress));
    }

    /// <summary>Notes an endpoint that listens by itself and is not there yet.</summary>
    public void AttachPlanned(PlannedModule module)
    {
        if (module.HasOwnListener) _hasOther = true;
        else _hasHttp = true;
    }

    public NetworkModel Build(ConfigProblems problems)
    {
        var servesHttp = _hasHttp || !_hasOther;
        if (servesHttp && !Section.Gives("tcp_config") && !Section.Gives("http3"))
        {
            problems.Warning(Section.Location, $"network '{Name}' has no [network.{Name}.tcp_config]; nothing listens on it");
        }

        return new NetworkModel
        {
            Name = Name,
            Section = Section,
            Routes = _routes.Build(),
            Endpoints = _endpoints,
            Entrances = _entrances.Count == 0 ? null : new UrlEntrances(_entrances.Select(e => e.Entrance)),
            TrustedProxies = trustedProxies,
            ForwardedBy = Section.Forwarded == "forwarded" ? ForwardingField.Forwarded : ForwardingField.XForwardedFor,
            ServesHttp = servesHttp,
            StaysClosed = StaysClosed,
        };
    }

    private bool TryAdd(EndpointRoute route, RouteTarget target, out RouteTarget existing)
    {
        var mine = target with { StripsPrefix = route.IsPrefix };
        return route.IsPrefix
            ? _routes.TryAddPrefix(route.Pattern.Text, route.Method, mine, out existing!)
            : _routes.TryAdd(route.Pattern, route.Method, mine, out existing!);
    }
}

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
            var isUsable = Check(definition.Name, definition.Section);
            foreach (var adapter in adapters) adapter.Check(definition.Name, definition.Section, problems);
            drafts[definition.Name] = new NetworkDraft(definition, TrustedProxies(definition.Section)) { StaysClosed = !isUsable };
        }

        CheckPorts([.. drafts.Values.Where(d => d.Section is { TcpConfig.IsFaulty: false }).Select(d => Bound.By(d.Name, d.Section.TcpConfig!))]);
        CheckPorts([.. drafts.Values.Where(d => d.Section is { Http3.IsFaulty: false }).Select(d => Bound.By(d.Name, d.Section.Http3!))]);
        return drafts;
    }

    /// <summary>False where the TCP listener must not be opened, though the rest of the configuration may serve.</summary>
    private bool Check(string name, NetworkSection network)
    {
        if (network.EnableWireguard)
        {
            problems.Warning(network.LocationOf("enable_wireguard"), $"network '{name}': WireGuard is not yet available; requests through it get 503");
        }

        if (network.Http3 is { IsFaulty: false } http3)
        {
            CheckAddress(name, http3.BindAddress, http3.LocationOf("bind_address"));
            new TlsChecks(environment, problems).Check(http3);
        }

        return network.TcpConfig is not { } tcp || CheckTcp(name, tcp);
    }

    private bool CheckTcp(string name, TcpConfigSection tcp)
    {
        CheckAddress(name, tcp.BindAddress, tcp.LocationOf("bind_address"));
        var checks = new TlsChecks(environment, problems);
        if (!tcp.IsFaulty) checks.Check(name, tcp);
        return !checks.AreFilesUnusable;
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
                        $"'{network.TrustedProxies[i]}' in 'trusted_proxies' means {range}; write that, or leave out the length for a single address");
                }

                if (range.PrefixLength >= (range.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? WidestIpv4 : WidestIpv6)) continue;
                problems.Warning(network.LocationOf("trusted_proxies", i),
                    $"'{network.TrustedProxies[i]}' in 'trusted_proxies' is more than any network of proxies: whoever comes from there may name any client "
                        + $"address; list your proxies");
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
