using System.Diagnostics.Metrics;
using Harmony.Core.Diagnostics;

namespace Harmony.Http.Services.Targets;

/// <summary>Tells how the targets of the backends in use are doing.</summary>
internal static class TargetMetrics
{
    private static readonly Counter<long> Failures =
        HarmonyMetrics.Meter.CreateCounter<long>("harmony.target.failures", "{request}", "Requests that a target did not answer: no connection, no answer in time, broken off.");

    private static readonly Counter<long> Retries =
        HarmonyMetrics.Meter.CreateCounter<long>("harmony.backend.retries", "{request}", "Further tries of requests.");

    private static readonly Lock Changing = new();

    // Replaced as a whole, the newest last: while a reload drains the old configuration, the new one has the last word about a target of both.
    private static volatile IReadOnlyList<Target>[] _backends = [];

    static TargetMetrics()
    {
        HarmonyMetrics.Meter.CreateObservableGauge("harmony.target.healthy", () => Observe(t => t.IsHealthy ? 1 : 0), null, "1 when a target answers, 0 when checks or failures have taken it out.");
        HarmonyMetrics.Meter.CreateObservableGauge("harmony.target.enabled", () => Observe(t => t.Health.IsDrained ? 0 : 1), null, "0 when an operator has taken a target out.");
        HarmonyMetrics.Meter.CreateObservableGauge("harmony.target.waiting", () => Observe(t => t.Waiting), "{request}", "Requests that wait for a connection to a target (max_connections).");
        HarmonyMetrics.Meter.CreateObservableGauge("harmony.target.in_flight", () => Observe(t => t.InFlight), "{request}", "Requests under way to a target.");
    }

    public static void Watch(IReadOnlyList<Target> targets)
    {
        lock (Changing) _backends = [.. _backends, targets];
    }

    public static void Forget(IReadOnlyList<Target> targets)
    {
        lock (Changing) _backends = [.. _backends.Where(b => !ReferenceEquals(b, targets))];
    }

    public static void Failed(string backend, string target)
        => Failures.Add(1, new KeyValuePair<string, object?>("backend", backend), new KeyValuePair<string, object?>("target", target));

    public static void Retried(string backend) => Retries.Add(1, new KeyValuePair<string, object?>("backend", backend));

    private static IEnumerable<Measurement<long>> Observe(Func<Target, long> value)
        => from targets in _backends
           from target in targets
           select new Measurement<long>(value(target), new("backend", target.Backend), new("target", target.Name));
}
