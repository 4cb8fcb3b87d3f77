using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Harmony.Core.Diagnostics;

namespace Harmony.Access.Middleware.Policies.RateLimiting;

/// <summary>What a table of windows is made for. Compared by value: with the same settings it goes on through a reload.</summary>
/// <param name="MaxRequests">Requests in any window.</param>
/// <param name="WindowSeconds">Length of the window.</param>
/// <param name="MaxClients">Clients remembered.</param>
/// <param name="Key">What tells clients apart.</param>
internal sealed record RateLimitSettings(int MaxRequests, int WindowSeconds, int MaxClients, ClientKey Key)
{
    /// <summary>
    /// Moments that a client's window is kept in. Up to so many requests each has its own, to the millisecond. Larger limits take together
    /// what falls into the same 128th of the window, dated to its end: never more than the limit in any window, sometimes a little less.
    /// </summary>
    public const int MaxMoments = 128;

    /// <summary>Length of the window in milliseconds.</summary>
    public long WindowMs { get; } = WindowSeconds * 1000L;

    private readonly long _grainMs = MaxRequests <= MaxMoments ? 1 : Math.Max(1, WindowSeconds * 1000L / MaxMoments);

    /// <summary>The moment that a request at <paramref name="nowMs"/> is dated to.</summary>
    public long MomentOf(long nowMs) => _grainMs == 1 ? nowMs : ((nowMs / _grainMs) + 1) * _grainMs;
}

/// <summary>
/// The sliding windows of all clients of one rule. Bounded: at most <see cref="RateLimitSettings.MaxClients"/> clients, in at most about 200
/// bytes each on average. Shared by the configurations before and after a reload.
/// </summary>
internal sealed class RateLimitTable
{
    private const int ShardCount = 16; // a power of two; so many requests can be counted at the same time

    private readonly RateLimitShard[] _shards;
    private readonly TimeProvider _clock;
    private readonly long _started;

    /// <summary>Makes an empty table.</summary>
    public RateLimitTable(RateLimitSettings settings, TimeProvider clock)
    {
        // A small table is not divided, so that its limit is exact.
        var count = settings.MaxClients < 1024 ? 1 : ShardCount;
        _shards = [.. Enumerable.Range(0, count).Select(_ => new RateLimitShard(settings, Math.Max(1, settings.MaxClients / count)))];
        _clock = clock;
        _started = clock.GetTimestamp();
    }

    /// <summary>Clients remembered now.</summary>
    public int Count => _shards.Sum(s => s.Count);

    /// <summary>Counts a request of a client unless its limit is reached.</summary>
    /// <param name="client">The client.</param>
    /// <param name="retryAfterMs">Milliseconds until there is room again; 0 when there is.</param>
    public bool TryTake(UInt128 client, out long retryAfterMs)
    {
        var now = (_clock.GetElapsedTime(_started).Ticks + (TimeSpan.TicksPerMillisecond / 2)) / TimeSpan.TicksPerMillisecond;
        var shard = client.GetHashCode() & (_shards.Length - 1);
        return _shards[shard].TryTake(client, now, out retryAfterMs);
    }

    /// <summary>Takes back that a request of a client was counted a moment ago.</summary>
    public void GiveBack(UInt128 client) => _shards[client.GetHashCode() & (_shards.Length - 1)].GiveBack(client);
}

/// <summary>Tells how many clients the rate limits remember.</summary>
internal static class RateLimitMetrics
{
    /// <summary>The tables and the names of their rules. A table outlives its rule through a reload and has no owner, so it is held weakly.</summary>
    private static readonly ConditionalWeakTable<RateLimitTable, string> Tables = [];

    static RateLimitMetrics()
        => HarmonyMetrics.Meter.CreateObservableGauge("harmony.rate_limit.clients", Observe, "{client}", "Clients that a rate limit remembers.");

    /// <summary>Counts the clients of a table from now on, as long as it is in use.</summary>
    public static void Watch(RateLimitTable table, string rule) => Tables.AddOrUpdate(table, rule);

    private static IEnumerable<Measurement<long>> Observe()
        => Tables.GroupBy(t => t.Value, t => (long)t.Key.Count, StringComparer.Ordinal)
            .Select(rule => new Measurement<long>(rule.Sum(), new KeyValuePair<string, object?>("rule", rule.Key)));
}
