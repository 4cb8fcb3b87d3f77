using System.Text.Json.Nodes;
using Harmony.Gateway.Hosting;

namespace Harmony.Gateway.Management.Views;

/// <summary>Which configuration runs, and what became of the last attempt to replace it.</summary>
internal static class ConfigStatusView
{
    public static JsonObject Of(IManagedGateway gateway)
    {
        var config = gateway.Snapshot.Config;
        var reloader = gateway.Reloader;
        var status = reloader.Status;
        var masked = new MaskedConfig(config, gateway.Snapshot.Modules);
        return new JsonObject
        {
            ["config_file_path"] = Path.GetFullPath(config.MainFile),
            ["config_last_modified"] = reloader.Sources.OwnFiles.Where(File.Exists).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty().Max(),
            ["version"] = status.Version,
            ["applied_at"] = status.AppliedAt,
            ["runs_from_history"] = status.RunsFromHistory,
            ["last_attempt"] = new JsonObject
            {
                ["at"] = status.LastAttempt,
                ["reason"] = status.LastReason,
                ["succeeded"] = status.LastSucceeded,
                ["problems"] = ReloadView.Of(status.LastProblems),
            },
            ["certificates"] = new JsonArray([.. ServedCertificates.Of(config).Select(JsonNode (c) => new JsonObject
            {
                ["used_by"] = c.UsedBy,
                ["file"] = c.File,
                ["not_after"] = c.NotAfter.UtcDateTime,
                ["days_left"] = c.DaysLeft(gateway.StartedAt + gateway.Uptime),
            })]),
            ["draining_configurations"] = gateway.Draining,
            ["in_flight"] = gateway.InFlight,
            ["current_networks"] = Networks(gateway.Snapshot.Networks),
            ["running_networks"] = new JsonArray([.. gateway.Listeners.Select(l => l.Binding.Network).Distinct(StringComparer.Ordinal)
                .Select(n => (JsonNode)n)]),
            ["closed_networks"] = new JsonArray([.. gateway.Snapshot.Networks.Where(n => n.StaysClosed).Select(n => (JsonNode)n.Name)]),
            ["closed_endpoints"] = new JsonArray([.. ClosedEndpoints(gateway.Snapshot).Select(n => (JsonNode)n)]),
            ["proxy_id"] = config.Proxy.Id,
            ["log_level"] = gateway.LogLevels.ToString(),
            ["mesh"] = masked.Kind("mesh"),
            ["ingress"] = masked.Kind("ingress"),
            ["egress"] = masked.Kind("egress"),
            ["remote_ingress"] = masked.Kind("remote_ingress"),
        };
    }

    /// <summary>Endpoints whose own listener is not opened, because certificate or key cannot be used.</summary>
    public static IEnumerable<string> ClosedEndpoints(Core.Runtime.GatewaySnapshot snapshot)
        => snapshot.Networks.SelectMany(n => n.Endpoints).Where(e => e.Endpoint.StaysClosed).Select(e => e.EndpointName).Distinct(StringComparer.Ordinal);

    private static JsonObject Networks(IReadOnlyList<Core.Runtime.NetworkModel> networks)
    {
        var shown = new JsonObject();
        foreach (var network in networks)
        {
            shown[network.Name] = new JsonObject
            {
                ["bind_address"] = network.Section.TcpConfig?.BindAddress,
                ["bind_port"] = network.Section.TcpConfig?.BindPort,
                ["interface"] = network.Section.Interface,
                ["wireguard_enabled"] = network.Section.EnableWireguard,
            };
        }

        return shown;
    }
}
