using System.Text.Json.Nodes;
using Harmony.Core.Configuration.Toml;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;

namespace Harmony.Gateway.Management.Views;

/// <summary>The pipelines by the names of their parts.</summary>
internal static class PipelinesView
{
    public static JsonObject Of(GatewaySnapshot snapshot) => new() { ["pipelines"] = new JsonArray([.. snapshot.Pipelines.Select(p => Of(p, snapshot))]) };

    private static JsonObject Of(PipelineModel pipeline, GatewaySnapshot snapshot)
    {
        var shown = new JsonObject
        {
            ["id"] = pipeline.Name,
            ["description"] = pipeline.Description,
            ["networks"] = Names(pipeline.Networks),
            ["endpoints"] = Names(pipeline.Endpoints.Select(e => e.Name)),
            ["backends"] = Names(pipeline.Backends.Select(b => b.Name)),
        };
        // As it is written: one list for both ways, or one for each.
        if (snapshot.Config.Pipelines.FirstOrDefault(p => p.Name == pipeline.Name)?.Section.Middleware is TomlTable)
        {
            shown["middleware_left"] = Names(pipeline.Left.Select(s => s.Name));
            shown["middleware_right"] = Names(pipeline.Right.Select(s => s.Name));
        }
        else
        {
            shown["middleware"] = Names(pipeline.Left.Select(s => s.Name).Union(pipeline.Right.Reverse().Select(s => s.Name)));
        }

        shown["active"] = pipeline.InactiveReason is null;
        shown["inactive_reason"] = pipeline.InactiveReason;
        return shown;
    }

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(n => (JsonNode)n)]);
}

/// <summary>Which paths lead where.</summary>
internal static class RoutesView
{
    public static JsonObject Of(GatewaySnapshot snapshot) => new()
    {
        ["routes"] = new JsonArray([.. snapshot.Pipelines.SelectMany(p => p.Endpoints.SelectMany(e => Of(p, e)))]),
    };

    /// <summary>A path is one route, whatever the methods.</summary>
    private static IEnumerable<JsonNode> Of(PipelineModel pipeline, EndpointModel endpoint)
        => endpoint.Claims.GroupBy(c => (c.Pattern.Text, c.IsPrefix)).Select(JsonNode (claims) => new JsonObject
        {
            ["path"] = claims.Key.Text,
            ["prefix"] = claims.Key.IsPrefix,
            ["methods"] = new JsonArray([.. claims.Select(c => (JsonNode)(c.Method ?? "*"))]),
            ["description"] = pipeline.Description,
            ["endpoint_name"] = endpoint.Name,
            ["service_type"] = endpoint.Service,
            ["pipeline"] = pipeline.Name,
            ["networks"] = new JsonArray([.. pipeline.Networks.Select(n => (JsonNode)n)]),
        });
}

/// <summary>The last requests that failed, and those that were refused.</summary>
internal static class FailuresView
{
    public static JsonObject Of(Metrics.MetricStore? metrics) => new()
    {
        ["failed"] = List(metrics?.Failures.Failed),
        ["refused"] = List(metrics?.Failures.Refused),
    };

    private static JsonArray List(IEnumerable<Metrics.FailedRequest>? requests) => new([.. (requests ?? []).Select(JsonNode (r) => r.ToJson())]);
}

/// <summary>The systems that backends send to. A backend that several pipelines name stands here once.</summary>
internal static class TargetsView
{
    public static JsonObject Of(GatewaySnapshot snapshot) => new()
    {
        ["targets"] = new JsonArray([.. All(snapshot).Select(t => Of(t.Backend, t.Target))]),
    };

    public static JsonNode Of(string backend, ITarget target) => Of(backend, target, target.Traffic);

    private static JsonObject Of(string backend, ITarget target, TargetTraffic traffic) => new()
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
        ["answered"] = traffic.Answered,
        ["failed"] = traffic.Failed,
        ["latency_ms"] = traffic.Last is null
            ? null
            : new JsonObject { ["last"] = Ms(traffic.Last), ["p50"] = Ms(traffic.Median), ["p95"] = Ms(traffic.NinetyFifth) },
        ["last_error"] = traffic.LastError,
        ["last_error_at"] = traffic.LastErrorAt,
    };

    private static double Ms(TimeSpan? time) => Math.Round(time.GetValueOrDefault().TotalMilliseconds, 3);

    /// <summary>The targets of those names; more than one where several files have a backend of that name.</summary>
    public static IReadOnlyList<ITarget> Find(GatewaySnapshot snapshot, string backend, string target)
        => [.. All(snapshot).Where(t => t.Backend == backend && t.Target.Name == target).Select(t => t.Target)];

    /// <summary><c>up</c>, <c>down</c>, or <c>unknown</c> before the first health check.</summary>
    public static string StateOf(ITarget target) => target.DownSince is not null || !target.IsHealthy ? "down" : target.WasAsked ? "up" : "unknown";

    /// <summary>All of them, with their backends.</summary>
    public static IEnumerable<(string Backend, ITarget Target)> All(GatewaySnapshot snapshot)
        => snapshot.Pipelines.SelectMany(p => p.Backends).SelectMany(b => b.LiveTargets.Select(t => (b.Name, t))).Distinct();
}
