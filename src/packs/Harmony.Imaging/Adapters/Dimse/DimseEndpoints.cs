using Harmony.Core.Configuration;
using Harmony.Core.Runtime;
using Harmony.Imaging.Services.DicomScp;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>The <c>dicom_scp</c> endpoints of a configuration, and which of them share a listener.</summary>
internal static class DimseEndpoints
{
    /// <summary>The listeners, with the endpoints of each. An endpoint that is attached to several networks belongs to the first.</summary>
    public static IEnumerable<(DimseBinding Binding, IReadOnlyList<RouteTarget> Routes)> Of(GatewaySnapshot snapshot)
        => snapshot.Networks
            .SelectMany(n => n.Endpoints.Where(r => r.Endpoint is DicomScpEndpoint).Select(r => (Network: n, Route: r)))
            .DistinctBy(p => (p.Route.Endpoint, p.Route.Pipeline.Name))
            .GroupBy(p => (p.Network.Name, Address: AddressOf(p.Route, p.Network), Settings(p.Route).Port))
            .Select(g => (BindingOf(g.Key.Name, g.Key.Address, [.. g.Select(p => p.Route)]), (IReadOnlyList<RouteTarget>)[.. g.Select(p => p.Route)]));

    /// <summary>Says which endpoints cannot be told apart, or cannot be served by one listener.</summary>
    public static void Check(GatewaySnapshot snapshot, ConfigProblems problems)
    {
        WarnOfEveryInterface(snapshot, problems);
        var all = Of(snapshot).ToList();
        for (var i = 0; i < all.Count; i++)
        {
            CheckTogether(all[i].Routes, problems);
            foreach (var (binding, routes) in all.Take(i).Where(o => AreInTheWay(o.Binding, all[i].Binding)))
            {
                problems.Error(Endpoint(all[i].Routes[0]).Origin.Location,
                    $"{Named(all[i].Routes[0])} cannot listen on {Shown(all[i].Binding)}, because {Named(routes[0])} listens on {Shown(binding)}; "
                        + "endpoints share a port on one address of one network");
            }
        }
    }

    private static void WarnOfEveryInterface(GatewaySnapshot snapshot, ConfigProblems problems)
    {
        foreach (var network in snapshot.Networks)
        {
            var isSaid = network.Section.TcpConfig?.Gives("bind_address") == true;
            foreach (var route in network.Endpoints.Where(r => r.Endpoint is DicomScpEndpoint && Settings(r).Address is null && !isSaid))
            {
                Core.Building.EveryInterface.Warn(Named(route), "bind_addr", Endpoint(route).Origin.Location, problems);
            }
        }
    }

    private static void CheckTogether(IReadOnlyList<RouteTarget> routes, ConfigProblems problems)
    {
        for (var i = 1; i < routes.Count; i++)
        {
            foreach (var other in routes.Take(i))
            {
                if (WhyNotTogether(Settings(other), Settings(routes[i])) is { } reason)
                {
                    problems.Error(
                        Endpoint(routes[i]).Origin.Location, $"{Named(other)} and {Named(routes[i])} share port {Settings(other).Port} and {reason}");
                }
            }
        }
    }

    private static string? WhyNotTogether(ScpSettings left, ScpSettings right)
    {
        if (left.AeTitle == right.AeTitle) return $"both have the AE title '{left.AeTitle}'";
        if (!left.RequiresCalledAeTitle && !right.RequiresCalledAeTitle) return "both take every AE title; keep require_called_aet in one of them";
        return Equals(left.Tls, right.Tls) ? null : "have different 'tls'";
    }

    private static DimseBinding BindingOf(string network, string address, IReadOnlyList<RouteTarget> routes)
    {
        var settings = routes.Select(Settings).ToList();
        return new DimseBinding(network, address, settings[0].Port)
        {
            ConfiguredPort = settings[0].Port,
            Tls = settings[0].Tls,
            HandshakeTimeout = settings.Max(s => s.HandshakeTimeout),
            Artim = settings.Max(s => s.Acceptor.Artim),
            // Those that are to be told that there are too many associations need a connection for it.
            MaxConnections = settings.Sum(s => s.Acceptor.MaxAssociations) + 100,
            Origin = Endpoint(routes[0]).Origin,
        };
    }

    private static string AddressOf(RouteTarget route, NetworkModel network) => Settings(route).Address ?? network.Section.TcpConfig?.BindAddress ?? "0.0.0.0";

    private static DicomScpEndpoint Endpoint(RouteTarget route) => (DicomScpEndpoint)route.Endpoint;

    private static ScpSettings Settings(RouteTarget route) => Endpoint(route).Settings;

    private static string Named(RouteTarget route) => $"endpoint '{route.EndpointName}' of pipeline '{route.Pipeline.Name}'";

    private static bool AreInTheWay(DimseBinding left, DimseBinding right)
        => left.Port == right.Port && Core.Building.Addresses.Overlap(left.Address, right.Address);

    private static string Shown(DimseBinding binding) => $"{binding.Address}:{binding.Port} (network '{binding.Network}')";
}

/// <summary>The pipelines of an endpoint's operations, and the services that run them.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Target">Endpoint and pipeline.</param>
/// <param name="SampleRatio">Share of operations that are traced.</param>
/// <param name="Runtime">Has the access log.</param>
/// <param name="Logger">For lines about operations.</param>
/// <param name="Clock">Tells the time.</param>
internal sealed record DimseRoute(string Network, RouteTarget Target, double SampleRatio, GatewayRuntime Runtime, ILogger Logger, TimeProvider Clock)
{
    /// <summary>The endpoint.</summary>
    public DicomScpEndpoint Endpoint => (DicomScpEndpoint)Target.Endpoint;
}
