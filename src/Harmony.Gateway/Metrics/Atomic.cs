namespace Harmony.Gateway.Metrics;

/// <summary>Sums that many threads add to without a lock.</summary>
internal static class Atomic
{
    /// <summary>Adds to a number for which there is no single instruction.</summary>
    public static void Add(ref double sum, double value)
    {
        var seen = Volatile.Read(ref sum);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref sum, seen + value, seen);
            if (before.Equals(seen)) return;
            seen = before;
        }
    }
}
