using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Harmony.Access.Authentication;

/// <summary>
/// What is known of credentials that have been checked, until it expires. Bounded: when it is full, entries that have not been used since
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

    /// <summary>Entries that the cache holds, including expired ones that have not been asked for since.</summary>
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

/// <summary>
/// SHA-256 of a credential, or its HMAC. What is kept in memory and compared is this, never the credential. Comparing two takes the same
/// time wherever they differ.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct CredentialDigest : IEquatable<CredentialDigest>
{
    private const int OnStack = 1024;

    private readonly ulong _a, _b, _c, _d;

    private CredentialDigest(ReadOnlySpan<byte> hash)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(hash);
        (_a, _b, _c, _d) = (words[0], words[1], words[2], words[3]);
    }

    /// <summary>SHA-256 of the text in UTF-8.</summary>
    public static CredentialDigest Of(ReadOnlySpan<char> text)
    {
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = size > OnStack ? ArrayPool<byte>.Shared.Rent(size) : null;
        var bytes = rented is null ? stackalloc byte[OnStack] : rented.AsSpan();
        try
        {
            return Of(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <summary>SHA-256 of bytes.</summary>
    public static CredentialDigest Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return new CredentialDigest(hash);
    }

    /// <summary>HMAC-SHA-256 of bytes: for passwords, which are guessable, so that a dump of the memory is no list to guess from.</summary>
    public static CredentialDigest Keyed(ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, bytes, hash);
        return new CredentialDigest(hash);
    }

    /// <summary>Takes 64 hexadecimal digits for the digest they are.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out CredentialDigest digest)
    {
        digest = default;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (hex.Length != 2 * hash.Length || Convert.FromHexString(hex, hash, out _, out _) != OperationStatus.Done) return false;
        digest = new CredentialDigest(hash);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(CredentialDigest other) => ((_a ^ other._a) | (_b ^ other._b) | (_c ^ other._c) | (_d ^ other._d)) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CredentialDigest other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)_a;
}
