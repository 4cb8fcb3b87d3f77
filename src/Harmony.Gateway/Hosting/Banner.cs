using System.Reflection;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Gateway.Management.Access;

namespace Harmony.Gateway.Hosting;

/// <summary>Says at start what listens where and where its requests go. Logs in JSON get no banner: their readers are programs.</summary>
internal static class Banner
{
    /// <summary>The program's version.</summary>
    public static string Version { get; } =
        typeof(Banner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static void Print(GatewayHost host, TextWriter writer)
    {
        var snapshot = host.Snapshot;
        if (snapshot.Config.Logging.Format == "json") return;
        writer.WriteLine($"Harmony {Version} runs '{snapshot.Config.Proxy.Name ?? snapshot.Config.Proxy.Id}' from {snapshot.Config.MainFile}");
        foreach (var listener in host.Listeners) PrintListener(listener.Binding, snapshot, writer);
        if (host.Listeners.Count == 0) writer.WriteLine("  nothing listens: no network has a tcp_config and an HTTP endpoint");
        if (snapshot.Config.Management is { Enabled: true, Token: null } && AdminToken.FileOf(snapshot.Config) is { } file && File.Exists(file))
        {
            writer.WriteLine($"  the token for changes by the management API stands in {file}");
        }

        foreach (var pipeline in snapshot.Pipelines.Where(p => p.InactiveReason is not null))
        {
            writer.WriteLine($"  pipeline '{pipeline.Name}' is not active and responds with 503 ({pipeline.InactiveReason})");
        }

        writer.WriteLine("Press Ctrl-C to stop it.");
        writer.Flush();
    }

    private static void PrintListener(ListenerBinding binding, GatewaySnapshot snapshot, TextWriter writer)
    {
        var everywhere = binding.Address is "0.0.0.0" or "::" or "[::]" ? " on every interface" : "";
        writer.WriteLine($"  {binding.Url}  network '{binding.Network}'{everywhere}");
        var routes = snapshot.Pipelines
            .Where(p => p.Networks.Contains(binding.Network))
            .SelectMany(p => p.Endpoints.Where(
                e => e.Protocol == binding.Protocol).SelectMany(ServedBy).Select(s => (Route: s, Leads: $"pipeline '{p.Name}' → {p.HandledBy}")))
            .ToList();
        if (routes.Count == 0) writer.WriteLine("    no route: every request gets 404");
        var width = routes.Select(r => r.Route.Length).DefaultIfEmpty().Max();
        foreach (var (route, leads) in routes) writer.WriteLine($"    {route.PadRight(width)}  → {leads}");
    }

    private static IEnumerable<string> ServedBy(EndpointModel endpoint) => endpoint.Claims.Select(RouteOf).Concat(endpoint.Words);

    private static string RouteOf(EndpointRoute route) => $"{route.Method ?? "any"} {route.Pattern.Text}{(route.IsPrefix ? " and below" : "")}";
}
