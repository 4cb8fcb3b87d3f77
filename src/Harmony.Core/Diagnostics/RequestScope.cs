using System.Collections;

namespace Harmony.Core.Diagnostics;

/// <summary>
/// The scope of one request: <c>using (logger.BeginScope(new RequestScope(id)))</c> puts its id on every line inside, and that of its trace
/// where it is traced.
/// </summary>
/// <param name="requestId">The id that the caller sees as well.</param>
public sealed class RequestScope(string requestId) : IReadOnlyList<KeyValuePair<string, object?>>
{
    /// <summary>The name under which the id appears in a line.</summary>
    public const string RequestIdName = "request_id";

    /// <summary>The name under which the trace's id appears in a line.</summary>
    public const string TraceIdName = "trace_id";

    private readonly string? _traceId = HarmonyTrace.Current?.TraceId.ToHexString();

    /// <inheritdoc/>
    public int Count => _traceId is null ? 1 : 2;

    /// <inheritdoc/>
    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new(RequestIdName, requestId),
        1 when _traceId is not null => new(TraceIdName, _traceId),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => _traceId is null ? $"{RequestIdName}={requestId}" : $"{RequestIdName}={requestId} {TraceIdName}={_traceId}";
}

/// <summary>Lets one warning through in ten seconds, with the number of those it stands for: what goes wrong all the time must not flood the log.</summary>
public sealed class SparseWarning(TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long _count;
    private long? _lastShown;

    /// <summary>Counts one; true when it is time to say so.</summary>
    /// <param name="count">How many there were since the last time, this one included.</param>
    public bool Add(out long count)
    {
        lock (_lock)
        {
            count = ++_count;
            if (_lastShown is { } last && clock.GetElapsedTime(last) < Pause) return false;
            _lastShown = clock.GetTimestamp();
            _count = 0;
            return true;
        }
    }
}
