using System.Diagnostics.Metrics;

namespace Harmony.Core.Diagnostics;

/// <summary>Tells how the loading of configurations went. The two gauges are the ones to alert on.</summary>
public static class ReloadMetrics
{
    private static readonly Counter<long> Reloads =
        HarmonyMetrics.Meter.CreateCounter<long>("harmony.config.reloads", "{reload}", "Configurations loaded, the first one included, by result: success, failure.");

    private static readonly Histogram<double> Duration = HarmonyMetrics.Meter.CreateHistogram(
        "harmony.config.reload.duration", "s", "Time from reading the files to serving them, of loads that succeeded.", tags: null, HarmonyMetrics.Seconds);

    private static readonly KeyValuePair<string, object?> Success = new("result", "success");
    private static readonly KeyValuePair<string, object?> Failure = new("result", "failure");

    private static int _lastSucceeded;
    private static double _lastSuccess;

    static ReloadMetrics()
    {
        HarmonyMetrics.Meter.CreateObservableGauge(
            "harmony.config.last_reload.successful", () => Volatile.Read(ref _lastSucceeded), null, "1 when the files as they are were loaded, 0 when the last attempt failed.");
        HarmonyMetrics.Meter.CreateObservableGauge(
            "harmony.config.last_reload.success_time", () => Volatile.Read(ref _lastSuccess), "s", "When a configuration was last loaded, in seconds since 1970.");
    }

    /// <summary>Notes that a configuration is being served.</summary>
    /// <param name="at">When it went live.</param>
    /// <param name="took">How long reading and building it took.</param>
    public static void Succeeded(DateTimeOffset at, TimeSpan took)
    {
        Volatile.Write(ref _lastSuccess, at.ToUnixTimeMilliseconds() / 1000.0);
        Volatile.Write(ref _lastSucceeded, 1);
        Reloads.Add(1, Success);
        Duration.Record(took.TotalSeconds);
    }

    /// <summary>Notes that a configuration was not taken; the one before it goes on.</summary>
    public static void Failed()
    {
        Volatile.Write(ref _lastSucceeded, 0);
        Reloads.Add(1, Failure);
    }
}
