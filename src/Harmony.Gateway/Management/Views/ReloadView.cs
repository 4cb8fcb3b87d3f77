using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Gateway.Management.Validation;
using Harmony.Gateway.Reloading;

namespace Harmony.Gateway.Management.Views;

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
