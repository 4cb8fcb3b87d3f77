using System.Diagnostics;

namespace Harmony.Gateway.Metrics;

/// <summary>The kinds that the Prometheus text format tells apart.</summary>
internal enum MetricKind
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Counts in buckets.</summary>
    Histogram,
}

/// <summary>The values of one metric under one set of labels.</summary>
/// <param name="labels">The labels as they are written: <c>network="main",pipeline="orders"</c>; empty for none.</param>
internal abstract class Series(string labels)
{
    /// <summary>The labels as they are written.</summary>
    public string Labels { get; } = labels;

    /// <summary>The last collection in which an observed value was there; values that are no longer observed are not shown.</summary>
    public int Collection { get; set; }

    /// <summary>Takes a measurement; called by many threads at once.</summary>
    public abstract void Record(double value);
}

/// <summary>A counter or a gauge.</summary>
internal sealed class NumberSeries(string labels) : Series(labels)
{
    private double _value;

    /// <summary>The value now.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <inheritdoc/>
    public override void Record(double value) => Atomic.Add(ref _value, value);

    /// <summary>Puts a value in the place of what there was.</summary>
    public void Set(double value) => Volatile.Write(ref _value, value);
}

/// <summary>Measurements counted in buckets.</summary>
/// <param name="labels">The labels as they are written.</param>
/// <param name="bounds">Upper bounds of the buckets, inclusive, ascending; a last one without a bound is added.</param>
internal sealed class HistogramSeries(string labels, double[] bounds) : Series(labels)
{
    private readonly long[] _counts = new long[bounds.Length + 1];
    private readonly Exemplar?[] _exemplars = new Exemplar?[bounds.Length + 1];
    private double _sum;

    /// <summary>Measurements in each bucket by itself; their total is the count.</summary>
    public long CountOf(int bucket) => Volatile.Read(ref _counts[bucket]);

    /// <summary>The sum of all measurements.</summary>
    public double Sum => Volatile.Read(ref _sum);

    /// <summary>The last measurement of a bucket that was taken inside a span which is recorded; null where there was none.</summary>
    public Exemplar? ExemplarOf(int bucket) => Volatile.Read(ref _exemplars[bucket]);

    /// <inheritdoc/>
    public override void Record(double value)
    {
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket]) bucket++;
        Interlocked.Increment(ref _counts[bucket]);
        Atomic.Add(ref _sum, value);
        if (Activity.Current is { Recorded: true } span) Volatile.Write(ref _exemplars[bucket], Exemplar.Of(span, value));
    }
}

/// <summary>A measurement that belongs to a trace, so that a bucket leads to a request that fell into it.</summary>
/// <param name="TraceId">The trace, 32 hexadecimal digits.</param>
/// <param name="SpanId">The span, 16 of them.</param>
/// <param name="Value">What was measured.</param>
/// <param name="At">When, in seconds since 1970.</param>
internal sealed record Exemplar(string TraceId, string SpanId, double Value, double At)
{
    /// <summary>What is measured is how long the span has lasted; so it was measured that long after the span began.</summary>
    public static Exemplar Of(Activity span, double seconds)
        => new(span.TraceId.ToHexString(), span.SpanId.ToHexString(), seconds, (span.StartTimeUtc - DateTime.UnixEpoch).TotalSeconds + seconds);
}

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
