using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Sessions;
using Harmony.Dicom.Network.Transport;

namespace Harmony.Dicom.Network.Scp;

/// <summary>One connection of an acceptor.</summary>
internal sealed class AcceptedConnection : IDisposable
{
    private readonly DicomAcceptor _acceptor;
    private readonly DicomConnection _connection;
    private readonly AcceptorNegotiator _negotiator;
    private readonly DimseSession _session;
    private readonly List<Task> _later = []; // one request is performed at a time
    private CancellationToken _stopped;

    public AcceptedConnection(DicomAcceptor acceptor, DicomConnection connection)
    {
        (_acceptor, _connection) = (acceptor, connection);
        _negotiator = new AcceptorNegotiator(acceptor, connection);
        _session = new DimseSession(connection, isRequestor: false, acceptor.UpperLayerOptions, acceptor.SessionOptions, _negotiator)
        {
            Perform = PerformAsync
        };
    }

    public async Task<AssociationEnd> RunAsync(CancellationToken ct)
    {
        _stopped = ct;
        await using var stop = ct.Register(() => Aborting = _session.AbortAsync(new AssociationEnd(AssociationEndKind.Aborted, "stopped here")).AsTask());
        var end = await CountedAsync();
        _acceptor.Observer?.Ended(_negotiator.Agreed, _connection.RemoteEndPoint, end);
        await Aborting;
        await Task.WhenAll(_later).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return end;
    }

    private async Task<AssociationEnd> CountedAsync()
    {
        try
        {
            return await _session.AcceptAsync();
        }
        finally
        {
            if (_negotiator.IsCounted) _acceptor.Uncount();
        }
    }

    /// <summary>Aborts the association if nothing is going on.</summary>
    public async ValueTask EndIfIdleAsync()
    {
        if (!_session.IsPerforming) await _session.AbortAsync(new AssociationEnd(AssociationEndKind.Aborted, "no further operations are taken here"));
    }

    public void Dispose() => _session.Dispose();

    private Task Aborting { get; set; } = Task.CompletedTask;

    private async Task PerformAsync(IncomingRequest incoming)
    {
        var dispatcher = new RequestDispatcher(_session, _negotiator.Agreed!, _acceptor.Handlers, _acceptor.DispatcherOptions, _acceptor.Observer)
        {
            Later = work => _later.Add(Task.Run(() => work(_stopped), CancellationToken.None)),
        };
        await dispatcher.PerformAsync(incoming);
        if (_acceptor.IsDraining) await _session.AbortAsync(new AssociationEnd(AssociationEndKind.Aborted, "no further operations are taken here"));
    }
}
