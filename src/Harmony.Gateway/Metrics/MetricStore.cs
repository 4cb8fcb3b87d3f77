using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Diagnostics;
using Harmony.Core.Diagnostics;
using Harmony.Gateway.Hosting;

namespace Harmony.Gateway.Metrics;

/// <summary>
/// Listens to the instruments of Harmony and of the runtime from the moment it is made, and keeps what they measure until it is asked for.
/// Measuring takes no lock and allocates nothing.
/// </summary>
internal sealed class MetricStore : IDisposable
{
    /// <summary>The meter of the .NET runtime: collections, threads, CPU time, memory.</summary>
    public const string RuntimeMeterName = "System.Runtime";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly Lock _collecting = new();
    private int _collection;

    /// <summary>Begins to listen.</summary>
    public MetricStore()
    {
        ProcessMetrics.Register();
        _listener.InstrumentPublished = OnPublished;
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Record(value, tags, family));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => Record(value, tags, family));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Record(value, tags, family));
        _listener.Start();
    }

    /// <summary>Asks the instruments that are asked, and shows every metric that has a value, in the order of their names.</summary>
    /// <param name="show">Is given each metric and those of its series that have a value now.</param>
    public void Collect(Action<MetricFamily, IEnumerable<Series>> show)
    {
        lock (_collecting)
        {
            _collection++;
            _listener.RecordObservableInstruments();
            foreach (var family in _families.Values.OrderBy(f => f.Name, StringComparer.Ordinal))
            {
                var series = family.Series.Where(s => !family.IsObserved || s.Collection == _collection).ToList();
                if (series.Count > 0) show(family, series);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void OnPublished(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name is not (HarmonyMetrics.MeterName or RuntimeMeterName) || MetricFamily.Of(instrument) is not { } family) return;
        listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(family.Name, family));
    }

    private void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? family)
        => ((MetricFamily)family!).Record(value, tags, Volatile.Read(ref _collection));
}

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
