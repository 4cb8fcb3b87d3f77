using System.Collections.Concurrent;

namespace Harmony.Access.Authentication;

/// <summary>
/// What is known of credentials that have been checked, until it expires. Bounded: when it is full, entries that nobody has asked for since
/// they were last passed over go first (the clock algorithm, an approximation of least recently used that costs a hit no more than a
/// look-up). Safe for use by several requests at a time.
/// </summary>
/// <typeparam name="T">What is known.</typeparam>
/// <param name="capacity">Most entries.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class CredentialCache<T>(int capacity, TimeProvider clock)
    where T : class
{
    private readonly ConcurrentDictionary<CredentialDigest, Entry> _entries = new();
    private readonly Queue<CredentialDigest> _order = new();

    /// <summary>Entries it holds, those included that have expired and nobody has asked for.</summary>
    public int Count => _entries.Count;

    /// <summary>What is known of a credential, or null.</summary>
    public T? Find(in CredentialDigest credential)
    {
        if (!_entries.TryGetValue(credential, out var entry) || entry.ExpiresTicks <= clock.GetUtcNow().UtcTicks) return null;
        // Writing only when it changes something keeps the line shared between processors.
        if (!entry.IsUsed) entry.IsUsed = true;
        return entry.Value;
    }

    /// <summary>Keeps what is known of a credential, in the place of what was.</summary>
    public void Keep(in CredentialDigest credential, T value, DateTimeOffset expires)
    {
        var entry = new Entry(value, expires.UtcTicks);
        lock (_order)
        {
            if (!_entries.ContainsKey(credential))
            {
                // Room is made first, so that the new one is not the one that goes.
                while (_order.Count >= capacity) Evict();
                _order.Enqueue(credential);
            }

            _entries[credential] = entry;
        }
    }

    private void Evict()
    {
        var now = clock.GetUtcNow().UtcTicks;
        while (true)
        {
            var oldest = _order.Dequeue();
            if (_entries.TryGetValue(oldest, out var entry) && entry.IsUsed && entry.ExpiresTicks > now)
            {
                entry.IsUsed = false;
                _order.Enqueue(oldest);
                continue;
            }

            _entries.TryRemove(oldest, out _);
            return;
        }
    }

    private sealed class Entry(T value, long expiresTicks)
    {
        public T Value { get; } = value;

        public long ExpiresTicks { get; } = expiresTicks;

        public bool IsUsed { get; set; }
    }
}
