using System.Diagnostics.Metrics;

namespace Harmony.Gateway.Metrics;

/// <summary>One metric: what an instrument has measured, under every set of labels.</summary>
internal sealed class MetricFamily
{
    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly SeriesTable _series;

    private MetricFamily(Instrument instrument, MetricKind kind)
    {
        Kind = kind;
        Name = MetricNames.Of(instrument, kind);
        Help = instrument.Description ?? "";
        IsObserved = instrument.IsObservable;
        Bounds = kind == MetricKind.Histogram ? BoundsOf(instrument) : [];
        _series = new SeriesTable(labels => kind == MetricKind.Histogram ? new HistogramSeries(labels, Bounds) : new NumberSeries(labels));
    }

    /// <summary>Its name in the output.</summary>
    public string Name { get; }

    /// <summary>What it says, in words.</summary>
    public string Help { get; }

    /// <summary>Its kind.</summary>
    public MetricKind Kind { get; }

    /// <summary>Upper bounds of a histogram's buckets.</summary>
    public double[] Bounds { get; }

    /// <summary>Whether the instrument is asked for its values instead of telling them.</summary>
    public bool IsObserved { get; }

    /// <summary>Its series, in the order of their labels.</summary>
    public IReadOnlyList<Series> Series => _series.All;

    /// <summary>The family of an instrument; null for kinds that are not known.</summary>
    public static MetricFamily? Of(Instrument instrument)
        => KindOf(instrument.GetType().GetGenericTypeDefinition()) is { } kind ? new MetricFamily(instrument, kind) : null;

    /// <summary>Takes a measurement.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, int collection)
    {
        var series = _series.Get(tags);
        if (!IsObserved)
        {
            series.Record(value);
            return;
        }

        ((NumberSeries)series).Set(value);
        series.Collection = collection;
    }

    private static MetricKind? KindOf(Type type)
    {
        if (type == typeof(Counter<>) || type == typeof(ObservableCounter<>)) return MetricKind.Counter;
        if (type == typeof(Histogram<>)) return MetricKind.Histogram;
        var isGauge = type == typeof(UpDownCounter<>) || type == typeof(ObservableUpDownCounter<>) || type == typeof(ObservableGauge<>) || type == typeof(Gauge<>);
        return isGauge ? MetricKind.Gauge : null;
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(b => (double)b)],
        _ => DefaultBounds,
    };
}
