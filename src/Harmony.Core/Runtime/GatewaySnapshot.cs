using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Core.Faults;
using Harmony.Core.Modules;

namespace Harmony.Core.Runtime;

/// <summary>
/// A configuration built and ready: immutable, shared by all requests that began while it was current. Counts them, so that it is
/// disposed only when the last one has left.
/// </summary>
public sealed class GatewaySnapshot : IAsyncDisposable
{
    private readonly IReadOnlyList<object> _owned;
    private readonly Dictionary<string, NetworkModel> _networks;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inFlight; // requests inside; the sign bit is set once the snapshot is closed
    private int _disposed;

    internal GatewaySnapshot(ConfigSet config, IReadOnlyList<NetworkModel> networks, IReadOnlyList<PipelineModel> pipelines, IReadOnlyList<object> owned)
    {
        Config = config;
        Networks = networks;
        Pipelines = pipelines;
        _owned = owned;
        _networks = networks.ToDictionary(n => n.Name, StringComparer.Ordinal);
    }

    /// <summary>What it was built from.</summary>
    public ConfigSet Config { get; }

    /// <summary>The modules that it can name: the standard ones and those of its plug-ins.</summary>
    public ModuleRegistry Modules { get; internal init; } = ModuleRegistry.Empty;

    /// <summary>Its meshes; null where the program has no module for them.</summary>
    public IMeshes? Meshes { get; internal init; }

    /// <summary>Its networks.</summary>
    public IReadOnlyList<NetworkModel> Networks { get; }

    /// <summary>Its pipelines, for people to look at.</summary>
    public IReadOnlyList<PipelineModel> Pipelines { get; }

    /// <summary>Requests that use it now.</summary>
    public int InFlight => Volatile.Read(ref _inFlight) & int.MaxValue;

    /// <summary>The network of that name, or null when this configuration has none.</summary>
    public NetworkModel? Network(string name) => _networks.GetValueOrDefault(name);

    /// <summary>Begins what its modules do between requests. Called once, when it goes live.</summary>
    public void Activate()
    {
        foreach (var backend in _owned.OfType<IBackend>()) backend.Activate();
        foreach (var middleware in _owned.OfType<IMiddleware>()) middleware.Activate();
        Meshes?.Activate();
    }

    /// <summary>Ends what its modules do between requests, each even if another fails. Called once, when another has taken its place.</summary>
    /// <exception cref="AggregateException">Some of them failed.</exception>
    public void Deactivate()
    {
        List<Exception>? failures = null;
        foreach (var owned in _owned)
        {
            try
            {
                (owned as IBackend)?.Deactivate();
                (owned as IMiddleware)?.Deactivate();
            }
            catch (Exception e)
            {
                (failures ??= []).Add(e);
            }
        }

        if (failures is not null) throw new AggregateException(failures);
    }

    /// <summary>Has its modules read files with credentials again, where no newer configuration can take its place.</summary>
    public void RenewCredentials()
    {
        foreach (var module in _owned.OfType<IRenewsCredentials>()) module.RenewCredentials();
    }

    /// <summary>Counts a request in; false when the snapshot is closed and the newer one must be used.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _inFlight) > 0) return true;
        Leave();
        return false;
    }

    /// <summary>Counts a request out.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _inFlight) == int.MinValue) _drained.TrySetResult();
    }

    /// <summary>Closes the snapshot to new requests; completes when the last request has left. Closing again does nothing more.</summary>
    public Task CloseAsync()
    {
        if (Interlocked.Or(ref _inFlight, int.MinValue) == 0) _drained.TrySetResult();
        return _drained.Task;
    }

    /// <summary>Disposes what its modules own, once, each even if another fails. Only after <see cref="CloseAsync"/> has completed.</summary>
    /// <exception cref="AggregateException">Some of them failed.</exception>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        List<Exception>? failures = null;
        foreach (var owned in _owned)
        {
            try
            {
                if (owned is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
                else (owned as IDisposable)?.Dispose();
            }
            catch (Exception e)
            {
                (failures ??= []).Add(e);
            }
        }

        if (failures is not null) throw new AggregateException(failures);
    }
}

/// <summary>What every request begins at: the one reference to the current snapshot, and the access log.</summary>
/// <param name="first">The snapshot to begin with.</param>
public sealed class GatewayRuntime(GatewaySnapshot first)
{
    private GatewaySnapshot _current = first;

    /// <summary>Where the access log is, when there is one.</summary>
    public AccessLogSlot AccessLog { get; } = new();

    /// <summary>Takes a record of each request that was refused or failed; null when no part keeps such records.</summary>
    public AccessLogSlot Failures { get; } = new();

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
