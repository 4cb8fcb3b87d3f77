namespace Harmony.Gateway.Metrics;

/// <summary>Measurements counted in buckets.</summary>
/// <param name="labels">The labels as they are written.</param>
/// <param name="bounds">Upper bounds of the buckets, inclusive, ascending; a last one without a bound is added.</param>
internal sealed class HistogramSeries(string labels, double[] bounds) : Series(labels)
{
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    /// <summary>Measurements in each bucket by itself; their total is the count.</summary>
    public long CountOf(int bucket) => Volatile.Read(ref _counts[bucket]);

    /// <summary>The sum of all measurements.</summary>
    public double Sum => Volatile.Read(ref _sum);

    /// <inheritdoc/>
    public override void Record(double value)
    {
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket]) bucket++;
        Interlocked.Increment(ref _counts[bucket]);
        Atomic.Add(ref _sum, value);
    }
}
