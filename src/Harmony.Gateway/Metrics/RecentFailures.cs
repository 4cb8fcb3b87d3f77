using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;

namespace Harmony.Gateway.Metrics;

/// <summary>
/// The last requests that failed and the last that were refused, by the ids that the log has, for operators. Memory is bounded: <see cref="Kept"/> of each, and
/// texts are cut. No path, query or address is kept. Requests for the management API do not count.
/// </summary>
internal sealed class RecentFailures : IAccessLog
{
    /// <summary>Requests that are kept of each sort.</summary>
    public const int Kept = 100;

    /// <summary>Characters that are kept of a text.</summary>
    public const int LongestText = 400;

    private readonly Lock _lock = new();
    private readonly Queue<FailedRequest> _failed = new(Kept);
    private readonly Queue<FailedRequest> _refused = new(Kept);

    /// <summary>Requests that the gateway or a backend failed to serve (5xx, or a response that broke off), the newest first.</summary>
    public IReadOnlyList<FailedRequest> Failed => Newest(_failed);

    /// <summary>Requests that were refused (4xx), the newest first.</summary>
    public IReadOnlyList<FailedRequest> Refused => Newest(_refused);

    /// <inheritdoc/>
    public void Write(in AccessRecord record)
    {
        // Of a client that went away, nothing failed here.
        if (record is { Status: AccessRecord.ClientClosedRequest, Reason: null } or { Status: < 400 } or { Pipeline: ManagementTables.Name }) return;
        var isFailure = record.Status is >= 500 or AccessRecord.ClientClosedRequest;
        var request = FailedRequest.Of(record);
        lock (_lock)
        {
            var queue = isFailure ? _failed : _refused;
            if (queue.Count == Kept) queue.Dequeue();
            queue.Enqueue(request);
        }
    }

    private FailedRequest[] Newest(Queue<FailedRequest> queue)
    {
        lock (_lock)
        {
            FailedRequest[] all = [.. queue];
            Array.Reverse(all);
            return all;
        }
    }
}

/// <summary>A request that failed or was refused, in the words of the configuration and of the log.</summary>
/// <param name="At">When it ended.</param>
/// <param name="RequestId">By which the log has it.</param>
/// <param name="Method">HTTP method, or name of the DIMSE operation.</param>
/// <param name="Status">HTTP status; of a DIMSE operation the one that it corresponds to.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Network">The network.</param>
/// <param name="Pipeline">The pipeline; null where no route took it.</param>
/// <param name="Backend">The backend it was given to.</param>
/// <param name="Target">The target that was asked last.</param>
/// <param name="Reason">Why.</param>
internal sealed record FailedRequest(
    DateTimeOffset At, string RequestId, string Method, int Status, TimeSpan Duration, string Network, string? Pipeline, string? Backend, string? Target,
    string Reason)
{
    /// <summary>What is kept of an access record.</summary>
    public static FailedRequest Of(in AccessRecord record) => new(
        record.Time + record.Duration, Cut(record.RequestId), Cut(record.Method), record.Status, record.Duration, record.Network, record.Pipeline,
            record.Backend, record.Target,
        Cut(record.Reason ?? (record.Backend is { } backend
            ? $"backend '{backend}' responded with this status" : "middleware or an endpoint responded with this status")));

    /// <summary>As the management API shows it.</summary>
    public JsonObject ToJson() => new()
    {
        ["at"] = At.UtcDateTime,
        ["request_id"] = RequestId,
        ["method"] = Method,
        ["status"] = Status,
        ["duration_ms"] = Math.Round(Duration.TotalMilliseconds, 3),
        ["network"] = Network,
        ["pipeline"] = Pipeline,
        ["backend"] = Backend,
        ["target"] = Target,
        ["reason"] = Reason,
    };

    private static string Cut(string text)
        => text.Length <= RecentFailures.LongestText ? text : string.Concat(text.AsSpan(0, RecentFailures.LongestText - 1), "…");
}
