using System.Diagnostics.Metrics;

namespace Harmony.Core.Diagnostics;

/// <summary>
/// The meter of everything Harmony counts. Instruments are named <c>harmony.AREA.WHAT</c> and made once, beside the code that uses them; tags
/// hold names of the configuration only, never anything of a request.
/// </summary>
public static class HarmonyMetrics
{
    /// <summary>What listeners and exporters subscribe to.</summary>
    public const string MeterName = "Harmony";

    /// <summary>The meter.</summary>
    public static Meter Meter { get; } = new(MeterName);

    /// <summary>Buckets in seconds for everything that lasts as long as a request: from an answer out of memory to an upload of minutes.</summary>
    public static InstrumentAdvice<double> Seconds { get; } = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    };
}
