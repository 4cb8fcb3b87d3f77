using System.Collections.Concurrent;
using System.Diagnostics;
using Harmony.Core.Diagnostics;

namespace Harmony.Testing;

/// <summary>Listens to the spans of one trace.</summary>
public sealed class RecordedSpans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly TaskCompletionSource _complete = Guard.NewSignal();
    private readonly ActivityListener _listener;

    /// <summary>Begins to listen to a trace whose id is made up.</summary>
    public RecordedSpans()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == HarmonyTrace.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == TraceId ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = OnStopped,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The id of the trace.</summary>
    public ActivityTraceId TraceId { get; } = ActivityTraceId.CreateRandom();

    /// <summary>What a client sends that belongs to the trace.</summary>
    public string TraceParent => $"00-{TraceId.ToHexString()}-00f067aa0ba902b7-00";

    /// <summary>Waits for the span of the request, which is the last to end, and gives all in the order of their beginning.</summary>
    public async Task<IReadOnlyList<Activity>> CompleteAsync()
    {
        await _complete.Task.Guarded();
        return [.. _spans.OrderBy(s => s.StartTimeUtc).ThenBy(s => s.Duration, Comparer<TimeSpan>.Create((a, b) => b.CompareTo(a)))];
    }

    public void Dispose() => _listener.Dispose();

    private void OnStopped(Activity span)
    {
        if (span.TraceId != TraceId) return;
        _spans.Enqueue(span);
        if (span.Kind == ActivityKind.Server) _complete.TrySetResult();
    }
}
