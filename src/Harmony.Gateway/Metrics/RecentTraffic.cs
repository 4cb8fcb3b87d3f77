using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Harmony.Core.Diagnostics;

namespace Harmony.Gateway.Metrics;

/// <summary>What happened in one minute.</summary>
/// <param name="Requests">Requests that ended.</param>
/// <param name="Failed">Those of them that were answered 5xx, or not to the end.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TrafficMinute(long Requests, long Failed);

/// <summary>
/// The requests of the last hour by pipeline, minute by minute, for the status page. Listens to the counter of requests; a request costs two additions.
/// </summary>
internal sealed class RecentTraffic : IDisposable
{
    /// <summary>Minutes that are kept.</summary>
    public const int Minutes = 60;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Slot[]> _pipelines = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly TimeProvider _clock;

    /// <summary>Begins to listen.</summary>
    public RecentTraffic(TimeProvider clock)
    {
        _clock = clock;
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == HarmonyMetrics.MeterName && instrument.Name == "harmony.requests") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) => Add(count, tags));
        _listener.Start();
    }

    /// <summary>The last hour of a pipeline, the oldest minute first.</summary>
    public IReadOnlyList<TrafficMinute> Of(string pipeline) => Sum(name => name == pipeline);

    /// <summary>The last hour of all pipelines but one.</summary>
    public IReadOnlyList<TrafficMinute> OfAll(string except) => Sum(name => name.Length > 0 && name != except);

    private TrafficMinute[] Sum(Predicate<string> isMeant)
    {
        var now = Minute;
        var minutes = new TrafficMinute[Minutes];
        lock (_lock)
        {
            foreach (var slots in _pipelines.Where(p => isMeant(p.Key)).Select(p => p.Value))
            {
                for (var i = 0; i < Minutes; i++)
                {
                    var minute = now - Minutes + 1 + i;
                    var slot = slots[minute % Minutes];
                    if (slot.Minute == minute) minutes[i] = new TrafficMinute(minutes[i].Requests + slot.Requests, minutes[i].Failed + slot.Failed);
                }
            }
        }

        return minutes;
    }

    public void Dispose() => _listener.Dispose();

    private long Minute => _clock.GetUtcNow().ToUnixTimeSeconds() / 60;

    private void Add(long count, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (pipeline, failed) = ("", false);
        foreach (var (name, value) in tags)
        {
            if (name == "pipeline") pipeline = value as string ?? "";
            else if (name == "status_class") failed = value is "5xx" or "aborted";
        }

        var minute = Minute;
        lock (_lock)
        {
            if (!_pipelines.TryGetValue(pipeline, out var slots)) _pipelines[pipeline] = slots = new Slot[Minutes];
            ref var slot = ref slots[minute % Minutes];
            if (slot.Minute != minute) slot = new Slot { Minute = minute };
            slot.Requests += count;
            if (failed) slot.Failed += count;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Slot
    {
        public long Minute;
        public long Requests;
        public long Failed;
    }
}
