using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Reloading;

/// <summary>Snapshots that are no longer current. Each is disposed when its last request has left, however long that takes.</summary>
internal sealed class RetiredSnapshots(ILogger logger) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<GatewaySnapshot> _draining = [];

    /// <summary>How many are still in use.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _draining.Count;
        }
    }

    /// <summary>Requests on all of them.</summary>
    public int InFlight
    {
        get
        {
            lock (_lock) return _draining.Sum(s => s.InFlight);
        }
    }

    /// <summary>Takes one over.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="drained">Completes when its last request has left.</param>
    public void Add(GatewaySnapshot snapshot, Task drained)
    {
        lock (_lock) _draining.Add(snapshot);
        drained.GetAwaiter().OnCompleted(() => _ = DisposeAsync(snapshot));
    }

    /// <summary>Disposes those that are left, drained or not.</summary>
    public async ValueTask DisposeAsync()
    {
        List<GatewaySnapshot> left;
        lock (_lock) left = [.. _draining];
        foreach (var snapshot in left) await DisposeAsync(snapshot);
    }

    private async Task DisposeAsync(GatewaySnapshot snapshot)
    {
        try
        {
            await snapshot.DisposeAsync();
        }
        catch (Exception e)
        {
            ReloadLog.NotDisposed(logger, e);
        }
        finally
        {
            lock (_lock) _draining.Remove(snapshot);
        }
    }
}
