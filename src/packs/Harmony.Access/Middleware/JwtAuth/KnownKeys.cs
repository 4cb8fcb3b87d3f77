using Harmony.Jose;

namespace Harmony.Access.Middleware.JwtAuth;

/// <summary>
/// What has been fetched of one key set, and when. Carried from one configuration to the next, so that a reload while the issuer is down
/// locks nobody out.
/// </summary>
internal sealed class KnownKeys(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private KeySet _current = KeySet.Empty;
    private byte[] _document = [];
    private long? _asked;
    private long? _fetched;

    /// <summary>The keys; <see cref="KeySet.Empty"/> itself when none have ever been fetched.</summary>
    public KeySet Current => Volatile.Read(ref _current);

    /// <summary>Time since they were last fetched or found unchanged; null when that has never been.</summary>
    public TimeSpan? Age
    {
        get
        {
            lock (_lock) return _fetched is { } then ? clock.GetElapsedTime(then) : null;
        }
    }

    /// <summary>Notes that the issuer is being asked.</summary>
    public void Ask()
    {
        lock (_lock) _asked = clock.GetTimestamp();
    }

    /// <summary>Whether the issuer has been asked within that time.</summary>
    public bool WasAskedWithin(TimeSpan time)
    {
        lock (_lock) return _asked is { } then && clock.GetElapsedTime(then) < time;
    }

    /// <summary>Notes that the document came; false when it is another one than last time, whose keys are still to be kept.</summary>
    public bool IsUnchanged(ReadOnlySpan<byte> document)
    {
        lock (_lock)
        {
            if (_fetched is null || !document.SequenceEqual(_document)) return false;
            _fetched = clock.GetTimestamp();
            return true;
        }
    }

    /// <summary>Puts the keys of another document in the place of those known.</summary>
    public void Keep(byte[] document, KeySet keys)
    {
        lock (_lock)
        {
            (_document, _fetched) = (document, clock.GetTimestamp());
            // What was verified by a key that is gone is verified anew: that goes by the set's identity.
            Volatile.Write(ref _current, keys);
        }
    }
}
