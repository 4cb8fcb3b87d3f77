using System.Diagnostics;
using System.Diagnostics.Metrics;
using Harmony.Core.Diagnostics;
using Harmony.Gateway.Hosting;

namespace Harmony.Gateway.Metrics;

/// <summary>What the program is and since when it runs; the runtime tells the rest of the process itself.</summary>
internal static class ProcessMetrics
{
    static ProcessMetrics()
    {
        using var process = Process.GetCurrentProcess();
        var started = new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        HarmonyMetrics.Meter.CreateObservableGauge("harmony.process.start_time", () => started, "s", "When the process was started, in seconds since 1970.");
        HarmonyMetrics.Meter.CreateObservableGauge(
            "harmony.build.info", () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", Banner.Version)), null, "Always 1; the label tells the version.");
    }

    /// <summary>Makes the instruments, once.</summary>
    public static void Register()
    {
        // The constructor above has done it.
    }
}
