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
