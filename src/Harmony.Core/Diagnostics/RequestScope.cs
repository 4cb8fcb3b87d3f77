using System.Collections;

namespace Harmony.Core.Diagnostics;

/// <summary>The scope of one request: <c>using (logger.BeginScope(new RequestScope(id)))</c> puts its id on every line inside.</summary>
/// <param name="requestId">The id that the caller sees as well.</param>
public sealed class RequestScope(string requestId) : IReadOnlyList<KeyValuePair<string, object?>>
{
    /// <summary>The name under which the id appears in a line.</summary>
    public const string RequestIdName = "request_id";

    /// <inheritdoc/>
    public int Count => 1;

    /// <inheritdoc/>
    public KeyValuePair<string, object?> this[int index]
        => index == 0 ? new(RequestIdName, requestId) : throw new ArgumentOutOfRangeException(nameof(index));

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        yield return this[0];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"{RequestIdName}={requestId}";
}
