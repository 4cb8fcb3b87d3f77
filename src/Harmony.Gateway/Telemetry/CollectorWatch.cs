using System.Diagnostics.Metrics;
using Harmony.Core.Diagnostics;
using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Telemetry;

/// <summary>
/// Tells operators that the collector of <c>[telemetry]</c> has gone away, and that it is back: one line each, however much fails between the two.
/// </summary>
/// <param name="endpoint">Where the collector is.</param>
/// <param name="logger">Takes the lines.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class CollectorWatch(string endpoint, ILogger logger, TimeProvider clock)
{
    private static readonly Counter<long> Failures =
        HarmonyMetrics.Meter.CreateCounter<long>("harmony.telemetry.failures", "{request}", "Requests that the collector of [telemetry] did not take.");

    private readonly Lock _lock = new();
    private volatile bool _isGone;
    private long _since;

    /// <summary>The collector took something.</summary>
    public void Took()
    {
        if (!_isGone) return;
        lock (_lock)
        {
            if (!_isGone) return;
            _isGone = false;
            var outage = DurationWords.Of(clock.GetElapsedTime(_since));
            CollectorLog.Back(logger, endpoint, outage);
        }
    }

    /// <summary>The collector did not take something.</summary>
    public void Failed(string reason)
    {
        Failures.Add(1);
        lock (_lock)
        {
            if (_isGone) return;
            (_isGone, _since) = (true, clock.GetTimestamp());
            CollectorLog.Gone(logger, endpoint, reason);
        }
    }
}

/// <summary>Watches what is sent to the collector.</summary>
internal sealed class WatchedHandler(CollectorWatch watch, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Look(base.Send(request, cancellationToken));
        }
        catch (Exception e) when (Tell(e))
        {
            throw;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Look(await base.SendAsync(request, cancellationToken));
        }
        catch (Exception e) when (Tell(e))
        {
            throw;
        }
    }

    private HttpResponseMessage Look(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode) watch.Took();
        else watch.Failed($"status {(int)response.StatusCode}");
        return response;
    }

    private bool Tell(Exception e)
    {
        watch.Failed(e is OperationCanceledException ? "no response in time" : e.Message);
        return true;
    }
}

/// <summary>Log messages about the collector, ids 1010 and 1011, target <c>harmony</c>.</summary>
internal static partial class CollectorLog
{
    [LoggerMessage(EventId = 1010, Level = LogLevel.Warning,
        Message = "the collector of [telemetry] at '{Endpoint}' accepts no data: {Reason}; telemetry is lost until it does, requests are served")]
    public static partial void Gone(ILogger logger, string endpoint, string reason);

    [LoggerMessage(EventId = 1011, Level = LogLevel.Information, Message = "the collector of [telemetry] at '{Endpoint}' is back after {Outage}")]
    public static partial void Back(ILogger logger, string endpoint, string outage);
}
