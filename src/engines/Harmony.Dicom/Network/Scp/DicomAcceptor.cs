using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Sessions;
using Harmony.Dicom.Network.Transport;
using Harmony.Dicom.Network.UpperLayer;

namespace Harmony.Dicom.Network.Scp;

/// <summary>
/// Serves associations that others open. It listens to nothing itself: hand it the connections of a listener (<see cref="DicomServer"/>, Kestrel).
/// One acceptor serves any number of them at the same time and counts them all.
/// </summary>
public sealed class DicomAcceptor
{
    /// <summary>The longest P-DATA-TF that is sent.</summary>
    private const int MaxSentPduLength = 128 * 1024;

    private readonly Lock _lock = new();
    private readonly HashSet<AcceptedConnection> _connections = [];
    private TaskCompletionSource? _drained;
    private readonly AssociationCount _count;

    /// <summary>An acceptor for any number of connections.</summary>
    /// <param name="options">What is allowed.</param>
    /// <param name="handlers">Who performs operations.</param>
    /// <param name="observer">The observer to tell; null for none.</param>
    public DicomAcceptor(AcceptorOptions options, DimseHandlers handlers, IAssociationObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(handlers);
        (Options, Handlers, Observer, _count) = (options, handlers, observer is null
            ? null
            : new GuardedObserver(observer), options.Count ?? new AssociationCount());
    }

    /// <summary>What is allowed.</summary>
    public AcceptorOptions Options { get; }

    /// <summary>Who performs operations.</summary>
    public DimseHandlers Handlers { get; }

    /// <summary>How many associations are open, those included of others that count at the same place.</summary>
    public int ActiveAssociations => _count.Value;

    internal IAssociationObserver? Observer { get; }

    internal bool IsDraining
    {
        get
        {
            lock (_lock) return _drained is not null;
        }
    }

    /// <summary>Serves one connection to its end, and completes its pipe.</summary>
    /// <param name="connection">A connection that was just opened.</param>
    /// <param name="ct">Ends it at once: what is going on is cancelled and the association aborted.</param>
    /// <returns>How it ended; whatever the peer does, nothing is thrown.</returns>
    public async Task<AssociationEnd> RunAsync(DicomConnection connection, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(connection);
        using var accepted = new AcceptedConnection(this, connection);
        lock (_lock) _connections.Add(accepted);
        try
        {
            return await accepted.RunAsync(ct);
        }
        finally
        {
            lock (_lock)
            {
                _connections.Remove(accepted);
                if (_connections.Count == 0) _drained?.TrySetResult();
            }
        }
    }

    /// <summary>
    /// Takes no further associations (2, 3, 1), lets the operations that are going on end, then aborts their associations; idle ones at once.
    /// </summary>
    /// <param name="ct">Ends the waiting, not the operations.</param>
    /// <returns>Completes when there is no association any more.</returns>
    public async Task DrainAsync(CancellationToken ct = default)
    {
        AcceptedConnection[] connections;
        TaskCompletionSource drained;
        lock (_lock)
        {
            drained = _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_connections.Count == 0) drained.TrySetResult();
            connections = [.. _connections];
        }

        foreach (var connection in connections) await connection.EndIfIdleAsync();
        await drained.Task.WaitAsync(ct);
    }

    internal bool TryCount() => _count.TryAdd(Options.MaxAssociations);

    internal void Uncount() => _count.Remove();

    internal UpperLayerOptions UpperLayerOptions
        => new(Options.Artim, Options.Artim, Options.MaxPduLength, MaxSentPduLength, Options.Limits, Options.TimeProvider);

    internal SessionOptions SessionOptions => new(Options.IdleTimeout, Options.IdleTimeout, Options.MaxIdentifierLength, Options.TimeProvider);

    internal RequestDispatcherOptions DispatcherOptions
        => new(Options.OperationTimeout, Options.MaxIdentifierLength, Options.TimeProvider) { ChecksObjects = Options.ChecksObjects };
}
