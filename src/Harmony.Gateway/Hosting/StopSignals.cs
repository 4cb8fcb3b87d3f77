using System.Runtime.InteropServices;

namespace Harmony.Gateway.Hosting;

/// <summary>SIGTERM and Ctrl-C: the first asks to stop and lets running requests finish, the second is in a hurry.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenSource _hurry = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals(CancellationToken ct)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, On), PosixSignalRegistration.Create(PosixSignal.SIGINT, On)];
    }

    /// <summary>Trips at the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Trips at the second.</summary>
    public CancellationToken Hurry => _hurry.Token;

    /// <summary>Completes at the first signal.</summary>
    public async Task WaitAsync()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = Stop.Register(stopped.SetResult);
        await stopped.Task;
    }

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _stop.Dispose();
        _hurry.Dispose();
    }

    private void On(PosixSignalContext context)
    {
        context.Cancel = true; // we end by ourselves
        if (_stop.IsCancellationRequested) _hurry.Cancel();
        else _stop.Cancel();
    }
}

/// <summary>Whether the gateway wants requests. Load balancers and orchestrators ask; it says no before it takes no more.</summary>
internal enum Readiness
{
    /// <summary>It serves.</summary>
    Ready,

    /// <summary>It takes leave: requests under way end, no others are wanted.</summary>
    Draining,
}
