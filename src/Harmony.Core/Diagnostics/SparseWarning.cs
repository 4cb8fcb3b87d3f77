namespace Harmony.Core.Diagnostics;

/// <summary>Lets one warning through in ten seconds, with the number of those it stands for: what goes wrong all the time must not flood the log.</summary>
public sealed class SparseWarning(TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long _count;
    private long? _lastShown;

    /// <summary>Counts one; true when it is time to say so.</summary>
    /// <param name="count">How many there were since the last time, this one included.</param>
    public bool Add(out long count)
    {
        lock (_lock)
        {
            count = ++_count;
            if (_lastShown is { } last && clock.GetElapsedTime(last) < Pause) return false;
            _lastShown = clock.GetTimestamp();
            _count = 0;
            return true;
        }
    }
}
