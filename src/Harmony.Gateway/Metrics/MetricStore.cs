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
    private MetricFamily[]? _inOrder;
    private Series[] _shown = [];
    private int _collection;

    /// <summary>The requests of the last hour.</summary>
    public RecentTraffic Traffic { get; } = new(TimeProvider.System);

    /// <summary>The last requests that failed or were refused.</summary>
    public RecentFailures Failures { get; } = new();

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

    /// <summary>Bytes of the text that was written last: about as many as the next will have.</summary>
    public int LastTextLength { get; set; }

    /// <summary>Asks the instruments that are asked, and shows every metric that has a value, in the order of their names.</summary>
    /// <param name="state">Passed to <paramref name="show"/>.</param>
    /// <param name="show">Is given each metric and those of its series that have a value now, until it returns.</param>
    public void Collect<TState>(TState state, ShowMetric<TState> show)
    {
        lock (_collecting)
        {
            _collection++;
            _listener.RecordObservableInstruments();
            foreach (var family in InOrder())
            {
                var series = family.IsObserved ? ObservedNow(family.Series) : family.Series;
                if (series.Length > 0) show(state, family, series);
            }
        }
    }

    private MetricFamily[] InOrder()
    {
        var known = Volatile.Read(ref _inOrder);
        if (known is not null && known.Length == _families.Count) return known;
        known = [.. _families.Values.OrderBy(f => f.Name, StringComparer.Ordinal)];
        Volatile.Write(ref _inOrder, known);
        return known;
    }

    private ReadOnlySpan<Series> ObservedNow(Series[] all)
    {
        if (_shown.Length < all.Length) _shown = new Series[all.Length];
        var count = 0;
        foreach (var series in all)
        {
            if (series.Collection == _collection) _shown[count++] = series;
        }

        return _shown.AsSpan(0, count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        Traffic.Dispose();
    }

    private void OnPublished(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name is not (HarmonyMetrics.MeterName or RuntimeMeterName) || MetricFamily.Of(instrument) is not { } family) return;
        listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(family.Name, family));
    }

    private void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? family)
        => ((MetricFamily)family!).Record(value, tags, Volatile.Read(ref _collection));
}

/// <summary>Is shown a metric.</summary>
/// <param name="state">What the caller of the collection passed.</param>
/// <param name="family">The metric.</param>
/// <param name="series">Its series, until this returns.</param>
internal delegate void ShowMetric<in TState>(TState state, MetricFamily family, ReadOnlySpan<Series> series);

/// <summary>What the program is and since when it runs; the runtime tells the rest of the process itself.</summary>
internal static class ProcessMetrics
{
    static ProcessMetrics()
    {
        using var process = Process.GetCurrentProcess();
        var started = new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        HarmonyMetrics.Meter.CreateObservableGauge("harmony.process.start_time", () => started, "s", "When the process was started, in seconds since 1970.");
        HarmonyMetrics.Meter.CreateObservableGauge(
            "harmony.build.info", () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", Banner.Version)), null,
            "Always 1; the label tells the version.");
    }

    /// <summary>Makes the instruments, once.</summary>
    public static void Register()
    {
        // The constructor above has done it.
    }
}
