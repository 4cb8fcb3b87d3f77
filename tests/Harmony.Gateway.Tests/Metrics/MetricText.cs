using System.IO.Pipelines;
using System.Text;
using Harmony.Gateway.Metrics;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Metrics;

/// <summary>What a store shows to Prometheus.</summary>
internal static class MetricText
{
    public static async Task<string> TextAsync(this MetricStore store)
    {
        using var output = new MemoryStream();
        await new PrometheusText(store).WriteAsync(PipeWriter.Create(output), CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    /// <summary>The value under exactly these labels, each <c>name=value</c>; null when there is none.</summary>
    public static double? ValueOf(this IEnumerable<PrometheusSample> samples, string name, params string[] labels)
        => samples.SingleOrDefault(s => s.Name == name && s.Labels.Select(l => $"{l.Key}={l.Value}").ToHashSet(StringComparer.Ordinal).SetEquals(labels))?.Value;
}
