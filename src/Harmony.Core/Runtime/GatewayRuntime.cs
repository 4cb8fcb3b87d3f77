using Harmony.Core.Diagnostics;
using Harmony.Core.Faults;

namespace Harmony.Core.Runtime;

/// <summary>What every request begins at: the one reference to the current snapshot, and the access log.</summary>
/// <param name="first">The snapshot to begin with.</param>
public sealed class GatewayRuntime(GatewaySnapshot first)
{
    private GatewaySnapshot _current = first;

    /// <summary>Where the access log is, when there is one.</summary>
    public AccessLogSlot AccessLog { get; } = new();

    /// <summary>The current snapshot, to look at; a request uses <see cref="Enter"/>.</summary>
    public GatewaySnapshot Current => Volatile.Read(ref _current);

    /// <summary>Takes the current snapshot for one request, which calls <see cref="GatewaySnapshot.Leave"/> when it ends.</summary>
    /// <exception cref="GatewayException">The current snapshot was closed for good: the gateway is stopping.</exception>
    public GatewaySnapshot Enter()
    {
        while (true)
        {
            var snapshot = Volatile.Read(ref _current);
            if (snapshot.TryEnter()) return snapshot;
            // A reload closed it in between, then another one is current by now.
            if (!ReferenceEquals(snapshot, Volatile.Read(ref _current))) continue;
            throw new GatewayException(FaultSource.Gateway, FaultKind.Unavailable, "the gateway is stopping");
        }
    }

    /// <summary>Puts a new snapshot in the place of the current one.</summary>
    /// <returns>Completes when the last request has left the old one.</returns>
    /// <exception cref="ArgumentException">It is the current one already.</exception>
    public Task ReplaceAsync(GatewaySnapshot next)
    {
        var old = Interlocked.Exchange(ref _current, next);
        return ReferenceEquals(old, next) ? throw new ArgumentException("the snapshot is the current one already", nameof(next)) : old.CloseAsync();
    }
}
