using Harmony.Core.Faults;

namespace Harmony.Http.Adapters.Http;

/// <summary>The end of the time that a request may take as a whole (<c>request_timeout_secs</c>).</summary>
internal sealed class RequestDeadline : IDisposable
{
    private readonly TimeSpan _timeout;
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _linked;

    public RequestDeadline(TimeSpan timeout, TimeProvider clock, CancellationToken aborted)
    {
        _timeout = timeout;
        _timer = new CancellationTokenSource(timeout, clock);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, aborted);
    }

    /// <summary>Trips when the time is over or the client has gone.</summary>
    public CancellationToken Token => _linked.Token;

    /// <summary>Trips when the time is over.</summary>
    public CancellationToken Overdue => _timer.Token;

    /// <summary>What an exception is after the time is over: whatever failed then was cancelled by it.</summary>
    public Exception Explain(Exception e) => _timer.IsCancellationRequested
        ? new GatewayException(FaultSource.Gateway, FaultKind.Timeout, $"the request took longer than request_timeout_secs = {_timeout.TotalSeconds}", e)
        : e;

    public void Dispose()
    {
        _linked.Dispose();
        _timer.Dispose();
    }
}
