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
