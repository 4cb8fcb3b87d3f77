using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Harmony.Core.Diagnostics;

namespace Harmony.Mesh.Cloud;

/// <summary>Metrics of the gateway's contact with its cloud. Alert on the gauge of the token.</summary>
internal static class CloudMetrics
{
    private static readonly Counter<long> Polls =
        HarmonyMetrics.Meter.CreateCounter<long>("harmony.cloud.polls", "{poll}", "Questions to the cloud for changes, by result: success, failure.");

    private static readonly Counter<long> Changes =
        HarmonyMetrics.Meter.CreateCounter<long>("harmony.cloud.changes", "{change}", "Changes of the cloud, by result: applied, failed, conflict.");

    private static ImmutableArray<Func<TimeSpan?>> _left = [];

    static CloudMetrics()
    {
        HarmonyMetrics.Meter.CreateObservableGauge(
            "harmony.cloud.token.time_left", Left, "s", "Time until the token of the gateway at its cloud ends; below zero when it has ended.");
        HarmonyMetrics.Meter.CreateObservableGauge(
            "harmony.cloud.token.ends_soon", EndsSoon, null, "1 when that token ends within seven days or has ended, else 0.");
    }

    /// <summary>Time before the end of a token from which the gauge says that it ends soon.</summary>
    public static TimeSpan Soon { get; } = TimeSpan.FromDays(7);

    /// <summary>Registers the source of the token's remaining time.</summary>
    public static void Watch(Func<TimeSpan?> left) => ImmutableInterlocked.Update(ref _left, static (all, one) => all.Add(one), left);

    /// <summary>Removes that source.</summary>
    public static void Unwatch(Func<TimeSpan?> left) => ImmutableInterlocked.Update(ref _left, static (all, one) => all.Remove(one), left);

    /// <summary>Counts a poll.</summary>
    public static void Polled(bool succeeded) => Polls.Add(1, new KeyValuePair<string, object?>("result", succeeded ? "success" : "failure"));

    /// <summary>Counts a change.</summary>
    /// <param name="result"><c>applied</c>, <c>failed</c> or <c>conflict</c>.</param>
    public static void Changed(string result) => Changes.Add(1, new KeyValuePair<string, object?>("result", result));

    private static IEnumerable<Measurement<double>> Left() => Times().Select(left => new Measurement<double>(left.TotalSeconds));

    private static IEnumerable<Measurement<int>> EndsSoon() => Times().Select(left => new Measurement<int>(left < Soon ? 1 : 0));

    private static IEnumerable<TimeSpan> Times() => _left.Select(ask => ask()).OfType<TimeSpan>();
}
