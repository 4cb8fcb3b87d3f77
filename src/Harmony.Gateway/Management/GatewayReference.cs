namespace Harmony.Gateway.Management;

/// <summary>Where the management API finds the gateway that it steers: its backend is built before there is one.</summary>
internal sealed class GatewayReference
{
    private readonly TaskCompletionSource<IManagedGateway> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IManagedGateway? _running;

    /// <summary>The gateway; null until it serves, and where a configuration is only looked at.</summary>
    public IManagedGateway? Running
    {
        get => _running;
        set
        {
            _running = value;
            if (value is not null) _started.TrySetResult(value);
        }
    }

    /// <summary>The gateway as soon as it serves: listeners open a moment before all is in its place.</summary>
    public Task<IManagedGateway> StartedAsync(CancellationToken ct) => _started.Task.WaitAsync(ct);
}
