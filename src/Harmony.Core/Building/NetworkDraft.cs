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
    private bool _hasHttp;
    private bool _hasOther;

    public string Name => definition.Name;

    public NetworkSection Section => definition.Section;

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
            TrustedProxies = trustedProxies,
            ForwardedBy = Section.Forwarded == "forwarded" ? ForwardingField.Forwarded : ForwardingField.XForwardedFor,
            ServesHttp = servesHttp,
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
