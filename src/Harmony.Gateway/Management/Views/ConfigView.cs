using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Management.Validation;
using Harmony.Gateway.Reloading;

namespace Harmony.Gateway.Management.Views;

/// <summary>The configuration in effect, without secrets.</summary>
internal static class ConfigView
{
    public static JsonObject Of(IManagedGateway gateway)
    {
        var snapshot = gateway.Snapshot;
        return new JsonObject
        {
            ["version"] = gateway.Reloader.Status.Version,
            ["files"] = new JsonArray([.. snapshot.Config.Files.Select(f => (JsonNode)f.Name)]),
            ["environment_variables"] = new JsonArray([.. snapshot.Config.UsedVariables.Select(v => (JsonNode)v)]),
            ["config"] = new MaskedConfig(snapshot.Config, snapshot.Modules).All(),
        };
    }
}

/// <summary>The configurations that were applied: names of files, never their content.</summary>
internal static class HistoryView
{
    public static JsonObject Of(Reloader reloader) => new()
    {
        ["versions"] = new JsonArray([.. reloader.History.List().Select(JsonNode (v) => new JsonObject
        {
            ["version"] = v.Version,
            ["current"] = v.Version == reloader.Status.Version,
            ["applied_at"] = v.AppliedAt,
            ["reason"] = v.Reason,
            ["changes"] = v.Changes,
            ["sha256"] = v.Hash,
            ["files"] = new JsonArray([.. v.Files.Select(f => (JsonNode)f.Path)]),
        })]),
    };
}

/// <summary>What this program is and how long it has run.</summary>
internal static class InfoView
{
    public static JsonObject Of(IManagedGateway gateway) => new()
    {
        ["version"] = Banner.Version,
        ["uptime"] = (long)gateway.Uptime.TotalSeconds,
        ["os"] = Os,
        ["arch"] = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        ["started_at"] = gateway.StartedAt,
        ["id"] = gateway.Snapshot.Config.Proxy.Id,
        ["name"] = gateway.Snapshot.Config.Proxy.Name,
        ["status"] = gateway.Readiness.ToString().ToLowerInvariant(),
    };

    private static string Os { get; } = OperatingSystem.IsLinux()
        ? "linux" : OperatingSystem.IsMacOS() ? "macos" : OperatingSystem.IsWindows() ? "windows" : RuntimeInformation.OSDescription;
}

/// <summary>What became of an attempt to apply a configuration, or would become of it.</summary>
internal static class ReloadView
{
    public static JsonObject Of(ReloadStatus status) => new()
    {
        ["applied"] = status.LastSucceeded,
        ["version"] = status.Version,
        ["reason"] = status.LastReason,
        ["problems"] = Of(status.LastProblems),
    };

    public static JsonObject Of(DryRunResult result) => new()
    {
        ["valid"] = result.IsValid,
        ["problems"] = Of(result.Problems),
        ["added"] = Names(result.Difference.Added),
        ["removed"] = Names(result.Difference.Removed),
        ["changed"] = Names(result.Difference.Changed),
        ["diff"] = Names(result.Diff),
        ["listeners_added"] = Names(result.ListenersAdded),
        ["listeners_removed"] = Names(result.ListenersRemoved),
    };

    public static JsonArray Of(IReadOnlyList<ConfigProblem> problems) => new([.. problems.Select(JsonNode (p) => new JsonObject
    {
        ["severity"] = p.Severity == ConfigSeverity.Error ? "error" : "warning",
        ["file"] = p.Location.File,
        ["line"] = p.Location.Line,
        ["column"] = p.Location.Column,
        ["message"] = p.Message,
    })]);

    private static JsonArray Names(IReadOnlyList<string> names) => new([.. names.Select(n => (JsonNode)n)]);
}
