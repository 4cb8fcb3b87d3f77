using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Harmony.Gateway.Metrics;

/// <summary>The text formats that Prometheus reads.</summary>
internal enum MetricFormat
{
    /// <summary>Prometheus text, version 0.0.4.</summary>
    Prometheus,

    /// <summary>OpenMetrics 1.0.0: with units, and exemplars that lead from a bucket to a trace.</summary>
    OpenMetrics,
}

/// <summary>
/// Writes metrics in one of the formats that Prometheus reads. Everything goes into one buffer, as large as the last text was; a scrape
/// allocates little else, so that being watched is no load.
/// </summary>
/// <param name="metrics">What is written.</param>
internal sealed class PrometheusText(MetricStore metrics)
{
    private const int SmallestBuffer = 16 * 1024;

    /// <summary>The content type of a format.</summary>
    public static string ContentTypeOf(MetricFormat format) => format == MetricFormat.OpenMetrics
        ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
        : "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Every metric that has a value, as a whole, so that a slow reader does not hold up the collection.</summary>
    public ReadOnlyMemory<byte> Write(MetricFormat format)
    {
        var last = metrics.LastTextLength;
        var text = new ArrayBufferWriter<byte>(Math.Max(SmallestBuffer, last + (last / 8)));
        metrics.Collect((Text: text, Format: format), static (to, family, series) => Append(to.Text, to.Format, family, series));
        if (format == MetricFormat.OpenMetrics) text.Write("# EOF\n"u8);
        metrics.LastTextLength = text.WrittenCount;
        return text.WrittenMemory;
    }

    private static void Append(ArrayBufferWriter<byte> text, MetricFormat format, MetricFamily family, ReadOnlySpan<Series> series)
    {
        var isOpen = format == MetricFormat.OpenMetrics;
        var name = isOpen ? family.OpenName : family.Name;
        if (!isOpen) AppendHelp(text, name, family.Help);
        Add(text, "# TYPE "u8);
        Add(text, name);
        Add(text, TypeOf(family.Kind));
        if (isOpen && family.Unit.Length > 0)
        {
            Add(text, "# UNIT "u8);
            Add(text, name);
            Add(text, " "u8);
            Add(text, family.Unit);
            Add(text, "\n"u8);
        }

        if (isOpen) AppendHelp(text, name, family.OpenHelp);
        foreach (var one in series)
        {
            if (one is HistogramSeries histogram) AppendHistogram(text, isOpen, family, histogram);
            else AppendSample(text, family.Name, ""u8, one.Labels, default, ((NumberSeries)one).Value);
        }
    }

    private static void AppendHelp(ArrayBufferWriter<byte> text, string name, string help)
    {
        if (help.Length == 0) return;
        Add(text, "# HELP "u8);
        Add(text, name);
        Add(text, " "u8);
        Add(text, help);
        Add(text, "\n"u8);
    }

    private static ReadOnlySpan<byte> TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => " counter\n"u8,
        MetricKind.Histogram => " histogram\n"u8,
        _ => " gauge\n"u8,
    };

    /// <summary>Buckets are cumulative; the count is the last of them, so that the two agree though measurements go on meanwhile.</summary>
    private static void AppendHistogram(ArrayBufferWriter<byte> text, bool isOpen, MetricFamily family, HistogramSeries series)
    {
        var count = 0L;
        for (var i = 0; i <= family.Bounds.Length; i++)
        {
            count += series.CountOf(i);
            var bound = i == family.Bounds.Length ? "+Inf"u8 : (isOpen ? family.OpenBounds : family.WrittenBounds)[i];
            AppendSample(text, family.Name, "_bucket"u8, series.Labels, bound, count, isOpen ? series.ExemplarOf(i) : null);
        }

        AppendSample(text, family.Name, "_sum"u8, series.Labels, default, series.Sum);
        AppendSample(text, family.Name, "_count"u8, series.Labels, default, count);
    }

    private static void AppendSample(
        ArrayBufferWriter<byte> text, string name, ReadOnlySpan<byte> suffix, string labels, ReadOnlySpan<byte> bound, double value, Exemplar? exemplar = null)
    {
        Add(text, name);
        Add(text, suffix);
        if (labels.Length > 0 || bound.Length > 0)
        {
            Add(text, "{"u8);
            Add(text, labels);
            if (bound.Length > 0)
            {
                Add(text, labels.Length > 0 ? ",le=\""u8 : "le=\""u8);
                Add(text, bound);
                Add(text, "\""u8);
            }

            Add(text, "}"u8);
        }

        Add(text, " "u8);
        AddNumber(text, value);
        if (exemplar is not null) AppendExemplar(text, exemplar);
        Add(text, "\n"u8);
    }

    /// <summary>OpenMetrics §5.4: the labels of the exemplar, its value, and when that was measured, in seconds since 1970.</summary>
    private static void AppendExemplar(ArrayBufferWriter<byte> text, Exemplar exemplar)
    {
        Add(text, " # {trace_id=\""u8);
        Add(text, exemplar.TraceId);
        Add(text, "\",span_id=\""u8);
        Add(text, exemplar.SpanId);
        Add(text, "\"} "u8);
        AddNumber(text, exemplar.Value);
        Add(text, " "u8);
        Utf8Formatter.TryFormat(exemplar.At, text.GetSpan(32), out var length, new StandardFormat('F', 3));
        text.Advance(length);
    }

    private static void AddNumber(ArrayBufferWriter<byte> text, double value)
    {
        if (double.IsInfinity(value))
        {
            Add(text, value > 0 ? "+Inf"u8 : "-Inf"u8);
            return;
        }

        value.TryFormat(text.GetSpan(32), out var length, "R", CultureInfo.InvariantCulture);
        text.Advance(length);
    }

    private static void Add(ArrayBufferWriter<byte> text, ReadOnlySpan<byte> bytes) => text.Write(bytes);

    private static void Add(ArrayBufferWriter<byte> text, string characters) => Encoding.UTF8.GetBytes(characters, text);
}
