using System.Diagnostics.Metrics;
using Harmony.Core.Diagnostics;
using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging;

namespace Harmony.Http.Services.Targets;

/// <summary>Tells how the targets of the backends in use are doing.</summary>
internal static class TargetMetrics
{
    private static readonly Counter<long> Failures =
        HarmonyMetrics.Meter.CreateCounter<long>(
            "harmony.target.failures", "{request}", "Requests without a response from a target: no connection, no response in time, connection lost.");

    private static readonly Histogram<double> Duration = HarmonyMetrics.Meter.CreateHistogram(
        "harmony.target.duration", "s",
        "Time until a target responded: with the head of its response (HTTP), or with the last response message (DIMSE).", tags: null,
        HarmonyMetrics.Seconds);

    private static readonly Counter<long> Retries =
        HarmonyMetrics.Meter.CreateCounter<long>("harmony.backend.retries", "{request}", "Further tries of requests.");

    private static readonly Lock Changing = new();

    // Replaced as a whole, the newest last: while a reload drains the old configuration, the new one has the last word about a target of both.
    private static volatile IReadOnlyList<Target>[] _backends = [];

    static TargetMetrics()
    {
        HarmonyMetrics.Meter.CreateObservableGauge("harmony.target.healthy", () => Observe(t => t.IsHealthy
            ? 1
            : 0), null, "1 if a target is up, 0 if health checks or failures have taken the target out of use.");
        HarmonyMetrics.Meter.CreateObservableGauge("harmony.target.enabled", () => Observe(t => t.Health.IsDrained
            ? 0
            : 1), null, "0 when an operator has taken a target out.");
        HarmonyMetrics.Meter.CreateObservableGauge("harmony.target.waiting", () => Observe(t => t.Waiting), "{request}",
            "Requests that wait for a connection to a target (max_connections).");
        HarmonyMetrics.Meter.CreateObservableGauge("harmony.target.in_flight", () => Observe(t => t.InFlight), "{request}", "Requests under way to a target.");
        HarmonyMetrics.Meter.CreateObservableGauge("harmony.target.down_since", () => ObserveTime(t => t.DownSince), "s",
            "Since when a target is down, in seconds since 1970; nothing of those that are not.");
        HarmonyMetrics.Meter.CreateObservableGauge("harmony.target.last_error_time", () => ObserveTime(t => t.Health.Tally.LastErrorAt), "s",
            "When a request to a target, or a check of it, last failed, in seconds since 1970; nothing of those where none did.");
    }

    public static void Watch(IReadOnlyList<Target> targets)
    {
        lock (Changing) _backends = [.. _backends, targets];
    }

    public static void Forget(IReadOnlyList<Target> targets)
    {
        lock (Changing) _backends = [.. _backends.Where(b => !ReferenceEquals(b, targets))];
    }

    public static void Failed(KeyValuePair<string, object?>[] target) => Failures.Add(1, target);

    public static void Answered(KeyValuePair<string, object?>[] target, TimeSpan took) => Duration.Record(took.TotalSeconds, target);

    public static void Retried(string backend) => Retries.Add(1, new KeyValuePair<string, object?>("backend", backend));

    private static IEnumerable<Measurement<long>> Observe(Func<Target, long> value)
        => from targets in _backends
           from target in targets
           select new Measurement<long>(value(target), new("backend", target.Backend), new("target", target.Name));

    private static IEnumerable<Measurement<double>> ObserveTime(Func<Target, DateTimeOffset?> time)
        => from targets in _backends
           from target in targets
           let at = time(target)
           where at is not null
           select new Measurement<double>(at.Value.ToUnixTimeMilliseconds() / 1000.0, new("backend", target.Backend), new("target", target.Name));
}

/// <summary>A target that does not answer.</summary>
/// <param name="Since">When the first request or check failed.</param>
/// <param name="Reason">What went wrong last, for operators.</param>
internal sealed record TargetOutage(DateTimeOffset Since, string Reason);

/// <summary>Tells operators that a target is down, and that it is back: one line each, however many requests and checks fail between the two.</summary>
/// <param name="logger">Takes the lines.</param>
/// <param name="backend">Whose target it is.</param>
/// <param name="target">Its name.</param>
/// <param name="isOnly">Whether the backend has no other.</param>
internal sealed class TargetNews(ILogger logger, string backend, string target, bool isOnly)
{
    /// <summary>Requests have failed.</summary>
    public void Ejected(TargetOutage outage, int failures, int seconds)
    {
        if (isOnly) TargetLog.OnlyTargetDown(logger, target, backend, outage.Since, outage.Reason);
        else TargetLog.TargetEjected(logger, target, backend, failures, seconds, outage.Since, outage.Reason);
    }

    /// <summary>Checks have failed.</summary>
    public void FailsChecks(TargetOutage outage, int count)
        => TargetLog.TargetIll(logger, target, backend, count, isOnly
            ? "is asked all the same, because there is no other"
            : "gets no requests", outage.Since, outage.Reason);

    /// <summary>It answers again.</summary>
    public void IsBack(TimeSpan outage)
    {
        var words = DurationWords.Of(outage);
        TargetLog.TargetWell(logger, target, backend, words);
    }
}

/// <summary>Log messages about targets, of every protocol: ids 2101 to 2103 and 2105, target <c>harmony.forward</c>.</summary>
internal static partial class TargetLog
{
    /// <summary>The logger that takes them.</summary>
    public const string Category = "harmony.forward";

    [LoggerMessage(EventId = 2101, Level = LogLevel.Warning,
        Message = "target '{Target}' of backend '{Backend}' is down since {Since:u}: it failed {Failures} times in a row and gets no requests for {Seconds} "
            + "s, then one at a time: {Reason}")]
    public static partial void TargetEjected(ILogger logger, string target, string backend, int failures, int seconds, DateTimeOffset since, string reason);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning,
        Message = "target '{Target}' of backend '{Backend}' is down since {Since:u}: it failed {Count} health checks in a row and {Consequence}: {Reason}")]
    public static partial void TargetIll(ILogger logger, string target, string backend, int count, string consequence, DateTimeOffset since, string reason);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Information, Message = "target '{Target}' of backend '{Backend}' is back after {Outage}")]
    public static partial void TargetWell(ILogger logger, string target, string backend, string outage);

    [LoggerMessage(EventId = 2105, Level = LogLevel.Warning,
        Message = "target '{Target}' of backend '{Backend}' is down since {Since:u}; it still gets requests, because there is no other target: {Reason}")]
    public static partial void OnlyTargetDown(ILogger logger, string target, string backend, DateTimeOffset since, string reason);
}
