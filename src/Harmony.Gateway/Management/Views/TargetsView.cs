using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;

namespace Harmony.Gateway.Management.Views;

/// <summary>The systems that backends send to. A backend that several pipelines name stands here once.</summary>
internal static class TargetsView
{
    public static JsonObject Of(GatewaySnapshot snapshot) => new()
    {
        ["targets"] = new JsonArray([.. All(snapshot).Select(t => Of(t.Backend, t.Target))]),
    };

    public static JsonNode Of(string backend, ITarget target) => new JsonObject
    {
        ["backend"] = backend,
        ["name"] = target.Name,
        // An AE title stands where the user of a URL does, and is no secret.
        ["url"] = target.Url.StartsWith("dicom", StringComparison.Ordinal) ? target.Url : ShownOptions.Text(target.Url),
        ["weight"] = target.Weight,
        ["healthy"] = target.IsHealthy,
        ["state"] = StateOf(target),
        ["since"] = target.DownSince,
        ["reason"] = target.DownReason,
        ["enabled"] = target.IsEnabled,
        ["in_flight"] = target.InFlight,
    };

    /// <summary>The targets of those names; more than one where several files have a backend of that name.</summary>
    public static IReadOnlyList<ITarget> Find(GatewaySnapshot snapshot, string backend, string target)
        => [.. All(snapshot).Where(t => t.Backend == backend && t.Target.Name == target).Select(t => t.Target)];

    /// <summary><c>up</c>, <c>down</c>, or <c>unknown</c> while nobody has asked.</summary>
    public static string StateOf(ITarget target) => target.DownSince is not null || !target.IsHealthy ? "down" : target.WasAsked ? "up" : "unknown";

    /// <summary>All of them, with their backends.</summary>
    public static IEnumerable<(string Backend, ITarget Target)> All(GatewaySnapshot snapshot)
        => snapshot.Pipelines.SelectMany(p => p.Backends).SelectMany(b => b.LiveTargets.Select(t => (b.Name, t))).Distinct();
}
