namespace Harmony.Gateway.Management;

/// <summary>Where the management API finds the gateway that it steers: its backend is built before there is one.</summary>
internal sealed class GatewayReference
{
    private volatile IManagedGateway? _running;

    /// <summary>The gateway; null until it serves, and where a configuration is only looked at.</summary>
    public IManagedGateway? Running
    {
        get => _running;
        set => _running = value;
    }
}
