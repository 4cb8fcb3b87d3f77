using System.Text;
using Harmony.Gateway.Metrics;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Metrics;

/// <summary>What a store shows to Prometheus.</summary>
internal static class MetricText
{
    public static Task<string> TextAsync(this MetricStore store) => Task.FromResult(store.Text(MetricFormat.Prometheus));

    public static string Text(this MetricStore store, MetricFormat format) => Encoding.UTF8.GetString(new PrometheusText(store).Write(format).Span);

    /// <summary>The value under exactly these labels, each <c>name=value</c>; null when there is none.</summary>
    public static double? ValueOf(this IEnumerable<PrometheusSample> samples, string name, params string[] labels)
        => samples.SingleOrDefault(s => s.Name == name
            && s.Labels.Select(l => $"{l.Key}={l.Value}").ToHashSet(StringComparer.Ordinal).SetEquals(labels))?.Value;
}
