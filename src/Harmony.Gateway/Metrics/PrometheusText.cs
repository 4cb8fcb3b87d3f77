using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Harmony.Gateway.Metrics;

/// <summary>Writes metrics in the text format of Prometheus, version 0.0.4.</summary>
/// <param name="metrics">What is written.</param>
internal sealed class PrometheusText(MetricStore metrics)
{
    /// <summary>The content type of the output.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Writes every metric that has a value, and flushes.</summary>
    /// <param name="writer">Where to; not completed.</param>
    /// <param name="ct">Ends the writing.</param>
    public async ValueTask WriteAsync(PipeWriter writer, CancellationToken ct)
    {
        var text = new StringBuilder(16 * 1024);
        metrics.Collect((family, series) => Append(text, family, series));
        // Written as a whole, so that a slow reader holds up nobody who collects.
        foreach (var chunk in text.GetChunks()) Encoding.UTF8.GetBytes(chunk.Span, writer);
        await writer.FlushAsync(ct);
    }

    private static void Append(StringBuilder text, MetricFamily family, IEnumerable<Series> series)
    {
        if (family.Help.Length > 0) text.Append("# HELP ").Append(family.Name).Append(' ').Append(MetricNames.EscapedHelp(family.Help)).Append('\n');
        text.Append("# TYPE ").Append(family.Name).Append(' ').Append(TypeOf(family.Kind)).Append('\n');
        foreach (var one in series)
        {
            if (one is HistogramSeries histogram) AppendHistogram(text, family, histogram);
            else AppendSample(text, family.Name, one.Labels, ((NumberSeries)one).Value);
        }
    }

    private static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    /// <summary>Buckets are cumulative; the count is the last of them, so that the two agree though measurements go on meanwhile.</summary>
    private static void AppendHistogram(StringBuilder text, MetricFamily family, HistogramSeries series)
    {
        var count = 0L;
        var lead = series.Labels.Length == 0 ? "" : series.Labels + ",";
        for (var i = 0; i <= family.Bounds.Length; i++)
        {
            count += series.CountOf(i);
            var bound = i == family.Bounds.Length ? "+Inf" : Number(family.Bounds[i]);
            AppendSample(text, family.Name + "_bucket", $"{lead}le=\"{bound}\"", count);
        }

        AppendSample(text, family.Name + "_sum", series.Labels, series.Sum);
        AppendSample(text, family.Name + "_count", series.Labels, count);
    }

    private static void AppendSample(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
