namespace Harmony.Access.Middleware.Policies.RateLimiting;

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
