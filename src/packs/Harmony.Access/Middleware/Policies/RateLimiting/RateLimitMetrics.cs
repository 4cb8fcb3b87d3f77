using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Harmony.Core.Diagnostics;

namespace Harmony.Access.Middleware.Policies.RateLimiting;

/// <summary>Tells how many clients the rate limits remember.</summary>
internal static class RateLimitMetrics
{
    /// <summary>The tables and the names of their rules. A table outlives its rule through a reload and belongs to nobody, so it is held weakly.</summary>
    private static readonly ConditionalWeakTable<RateLimitTable, string> Tables = [];

    static RateLimitMetrics()
        => HarmonyMetrics.Meter.CreateObservableGauge("harmony.rate_limit.clients", Observe, "{client}", "Clients that a rate limit remembers.");

    /// <summary>Counts the clients of a table from now on, as long as it is in use.</summary>
    public static void Watch(RateLimitTable table, string rule) => Tables.AddOrUpdate(table, rule);

    private static IEnumerable<Measurement<long>> Observe()
        => Tables.GroupBy(t => t.Value, t => (long)t.Key.Count, StringComparer.Ordinal)
            .Select(rule => new Measurement<long>(rule.Sum(), new KeyValuePair<string, object?>("rule", rule.Key)));
}
