using System.Diagnostics.Metrics;

namespace Harmony.Core.Diagnostics;

/// <summary>
/// Counts the requests of one route: one endpoint of a pipeline on one network. Made when the configuration is loaded; the tags of each
/// outcome are put together once and used for every request after that.
/// </summary>
public sealed class RouteMetrics
{
    /// <summary>The status of an answer that was not sent, or not to its end.</summary>
    public const int Aborted = 0;

    private const int Classes = 6; // aborted, 1xx to 5xx

    private static readonly string[] ClassNames = ["aborted", "1xx", "2xx", "3xx", "4xx", "5xx"];

    private static readonly UpDownCounter<long> InFlight =
        HarmonyMetrics.Meter.CreateUpDownCounter<long>("harmony.requests.in_flight", "{request}", "Requests that a pipeline handles now.");

    private static readonly Counter<long> Requests =
        HarmonyMetrics.Meter.CreateCounter<long>("harmony.requests", "{request}", "Requests with a response; without a pipeline those that matched no route.");

    private static readonly Histogram<double> Duration = HarmonyMetrics.Meter.CreateHistogram(
        "harmony.request.duration", "s", "Time from the request's head to the end of its response.", tags: null, HarmonyMetrics.Seconds);

    private static readonly Counter<long> Received =
        HarmonyMetrics.Meter.CreateCounter<long>("harmony.request.body.size", "By", "Bytes of request bodies read from clients.");

    private static readonly Counter<long> Sent =
        HarmonyMetrics.Meter.CreateCounter<long>("harmony.response.body.size", "By", "Bytes of response bodies written to clients.");

    private readonly IReadOnlyList<string> _backends;
    private readonly KeyValuePair<string, object?>[] _route;
    private readonly KeyValuePair<string, object?>[]?[] _outcomes;

    /// <summary>Makes the counters of a route; all names are names of the configuration.</summary>
    /// <param name="network">The network.</param>
    /// <param name="pipeline">The pipeline; empty for requests that no route takes.</param>
    /// <param name="endpoint">The endpoint; empty for requests that no route takes.</param>
    /// <param name="backends">The pipeline's backends, in its order.</param>
    public RouteMetrics(string network, string pipeline, string endpoint, IReadOnlyList<string> backends)
    {
        ArgumentNullException.ThrowIfNull(backends);
        _backends = backends;
        _route = [new("network", network), new("pipeline", pipeline), new("endpoint", endpoint)];
        _outcomes = new KeyValuePair<string, object?>[]?[(backends.Count + 1) * Classes];
    }

    /// <summary>Whether a listener takes measurements, so that it makes sense to measure.</summary>
    public static bool IsOn => Duration.Enabled || Requests.Enabled;

    /// <summary>Counts a request in.</summary>
    /// <returns>Whether it was counted, and so has to be counted out.</returns>
    public bool Enter()
    {
        if (!InFlight.Enabled) return false;
        InFlight.Add(1, _route);
        return true;
    }

    /// <summary>Counts a request out that <see cref="Enter"/> has counted in.</summary>
    public void Leave() => InFlight.Add(-1, _route);

    /// <summary>Counts a request that has ended.</summary>
    /// <param name="backend">Place of the backend among the pipeline's, -1 for none.</param>
    /// <param name="status">HTTP status of the answer, or <see cref="Aborted"/>.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="received">Bytes of its body that were read.</param>
    /// <param name="sent">Bytes of the answer's body.</param>
    public void Ended(int backend, int status, TimeSpan elapsed, long received, long sent)
    {
        ReadOnlySpan<KeyValuePair<string, object?>> tags = OutcomeOf(backend, status);
        Requests.Add(1, tags);
        Duration.Record(elapsed.TotalSeconds, tags);
        if (received > 0) Received.Add(received, tags);
        if (sent > 0) Sent.Add(sent, tags);
    }

    // Two threads may both make an entry that is not there yet; the entries are equal, so either may stay.
    private KeyValuePair<string, object?>[] OutcomeOf(int backend, int status)
    {
        var statusClass = Math.Clamp(status / 100, 0, Classes - 1);
        return _outcomes[((backend + 1) * Classes) + statusClass] ??=
            [.. _route, new("backend", backend < 0 ? "" : _backends[backend]), new("status_class", ClassNames[statusClass])];
    }
}
