using System.Text.Json.Nodes;
using Harmony.Gateway.Reloading;

namespace Harmony.Gateway.Management.Views;

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
            ["sha256"] = v.Hash,
            ["files"] = new JsonArray([.. v.Files.Select(f => (JsonNode)f.Path)]),
        })]),
    };
}
