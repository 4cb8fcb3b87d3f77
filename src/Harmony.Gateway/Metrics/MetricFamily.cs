using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

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
        Unit = MetricNames.UnitOf(instrument, Name);
        OpenName = kind == MetricKind.Counter ? Name[..^MetricNames.Total.Length] : Name;
        Help = MetricNames.EscapedHelp(instrument.Description ?? "");
        OpenHelp = MetricNames.Escaped(instrument.Description ?? "");
        IsObserved = instrument.IsObservable;
        Bounds = kind == MetricKind.Histogram ? BoundsOf(instrument) : [];
        WrittenBounds = [.. Bounds.Select(b => Encoding.UTF8.GetBytes(b.ToString("R", CultureInfo.InvariantCulture)))];
        OpenBounds = [.. Bounds.Select(b => Encoding.UTF8.GetBytes(MetricNames.Float(b)))];
        _series = new SeriesTable(labels => kind == MetricKind.Histogram ? new HistogramSeries(labels, Bounds) : new NumberSeries(labels));
    }

    /// <summary>Its name in the output.</summary>
    public string Name { get; }

    /// <summary>Its name in OpenMetrics, where <c>_total</c> belongs to the sample of a counter and not to the metric.</summary>
    public string OpenName { get; }

    /// <summary>The unit that its name ends in, <c>seconds</c> or <c>bytes</c>; empty for none.</summary>
    public string Unit { get; }

    /// <summary>What it says, in words, as a HELP line has them.</summary>
    public string Help { get; }

    /// <summary>The same for OpenMetrics, which escapes quotation marks, too.</summary>
    public string OpenHelp { get; }

    /// <summary>Its kind.</summary>
    public MetricKind Kind { get; }

    /// <summary>Upper bounds of a histogram's buckets.</summary>
    public double[] Bounds { get; }

    /// <summary>The same as they are written.</summary>
    public byte[][] WrittenBounds { get; }

    /// <summary>The same in OpenMetrics, where a whole number has its <c>.0</c>.</summary>
    public byte[][] OpenBounds { get; }

    /// <summary>Whether the instrument is asked for its values instead of telling them.</summary>
    public bool IsObserved { get; }

    /// <summary>Its series, in the order of their labels.</summary>
    public Series[] Series => _series.All;

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
        var isGauge = type == typeof(UpDownCounter<>) || type == typeof(ObservableUpDownCounter<>) || type == typeof(ObservableGauge<>)
            || type == typeof(Gauge<>);
        return isGauge ? MetricKind.Gauge : null;
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(b => (double)b)],
        _ => DefaultBounds,
    };
}

/// <summary>
/// Names of instruments in the spelling of Prometheus: <c>harmony.request.duration</c> in seconds becomes
/// <c>harmony_request_duration_seconds</c>; counters end in <c>_total</c>.
/// </summary>
internal static class MetricNames
{
    /// <summary>What the name of a counter ends in.</summary>
    public const string Total = "_total";

    /// <summary>The name of an instrument's metric.</summary>
    public static string Of(Instrument instrument, MetricKind kind)
    {
        var name = Sanitized(instrument.Name);
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "", // counts of things, {request}, have no unit in a name
        };
        if (!name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        // A name in _count is that of a histogram's number of values; the runtime has gauges of such names.
        if (kind == MetricKind.Gauge && name.EndsWith("_count", StringComparison.Ordinal)) name = name[..^"_count".Length] + "s";
        return kind == MetricKind.Counter && !name.EndsWith(Total, StringComparison.Ordinal) ? name + Total : name;
    }

    /// <summary>The unit of an instrument, if its metric has that in its name, as OpenMetrics wants it.</summary>
    public static string UnitOf(Instrument instrument, string name)
    {
        var unit = instrument.Unit switch
        {
            "s" => "seconds",
            "By" => "bytes",
            _ => "",
        };
        return unit.Length > 0 && (name.EndsWith("_" + unit, StringComparison.Ordinal) || name.EndsWith("_" + unit + Total, StringComparison.Ordinal))
            ? unit
            : "";
    }

    /// <summary>A bound in the spelling of OpenMetrics: <c>1.0</c>.</summary>
    public static string Float(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E', 'n') < 0 ? text + ".0" : text;
    }

    /// <summary>The name of a tag as a label.</summary>
    public static string LabelOf(string tag) => Sanitized(tag);

    /// <summary>A label's value between quotes.</summary>
    public static string Escaped(string value)
        => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>The text of a HELP line.</summary>
    public static string EscapedHelp(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Sanitized(string name) => string.Create(name.Length, name, static (target, name) =>
    {
        for (var i = 0; i < name.Length; i++) target[i] = char.IsAsciiLetter(name[i]) || (char.IsAsciiDigit(name[i]) && i > 0) ? name[i] : '_';
    });
}
