using System.Collections.Concurrent;
using Harmony.Access.Authentication;

namespace Harmony.Mesh.Tokens;

/// <summary>
/// The tokens that have been used (<c>jti</c>), until they expire. A reload keeps them, so that no token is accepted twice. Bounded: what
/// does not fit is refused, because forgetting a token would let it in twice. Safe for use by several requests at a time.
/// </summary>
/// <param name="capacity">Most tokens.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class ReplayCache(int capacity, TimeProvider clock)
{
    private readonly ConcurrentDictionary<CredentialDigest, long> _used = new();
    private readonly Lock _sweeping = new();
    private long _nextSweep;

    /// <summary>Notes that a token is used.</summary>
    /// <param name="token">Which one.</param>
    /// <param name="until">When it ends; it need not be remembered after that.</param>
    public ReplayOutcome Use(in CredentialDigest token, DateTimeOffset until)
    {
        var now = clock.GetUtcNow().UtcTicks;
        if (_used.Count >= capacity || now >= Volatile.Read(ref _nextSweep)) Sweep(now);
        if (_used.Count >= capacity) return ReplayOutcome.Full;
        return _used.TryAdd(token, until.UtcTicks) ? ReplayOutcome.First : ReplayOutcome.Again;
    }

    private void Sweep(long now)
    {
        if (!_sweeping.TryEnter()) return;
        try
        {
            if (now < _nextSweep) return;
            foreach (var (token, until) in _used)
            {
                if (until <= now) _used.TryRemove(token, out _);
            }

            Volatile.Write(ref _nextSweep, now + TimeSpan.TicksPerSecond);
        }
        finally
        {
            _sweeping.Exit();
        }
    }
}

/// <summary>Whether a token may be used.</summary>
internal enum ReplayOutcome
{
    /// <summary>The token has not been used.</summary>
    First,

    /// <summary>The token has been used.</summary>
    Again,

    /// <summary>Unknown, because the cache is full.</summary>
    Full,
}
