using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Harmony.Core.Faults;
using Harmony.Core.Runtime;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>
/// Serves the connections of a listener. The called AE title of each selects the endpoint, whose acceptor then serves it, in the configuration
/// that was current when it began: an association ends in the one it began with.
/// </summary>
internal sealed class DimseConnections(DimseBinding binding, GatewayRuntime runtime, AssociationCounts counts, ILogger logger, TimeProvider clock) : IDisposable
{
    private readonly ConditionalWeakTable<GatewaySnapshot, AcceptorTable> _tables = [];
    private readonly ConcurrentDictionary<DicomConnection, DicomAcceptor> _active = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborting = new();

    /// <summary>Serves a connection to its end.</summary>
    public async Task ServeAsync(ConnectionContext connection)
    {
        if (await CalledAsync(connection) is not { } called) return;
        if (Enter() is not { } snapshot) return;
        try
        {
            var table = _tables.GetValue(snapshot, s => AcceptorTable.Of(s, binding, runtime, counts, logger, clock));
            if (table.Find(called) is { } acceptor) await ServeAsync(connection, acceptor);
        }
        finally
        {
            snapshot.Leave();
        }
    }

    /// <summary>Takes no further associations, ends idle ones and lets operations end; what is still there at the deadline is aborted.</summary>
    public async Task DrainAsync(CancellationToken deadline)
    {
        await using var registration = deadline.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), _aborting);
        await _stopping.CancelAsync();
        try
        {
            await Task.WhenAll(_active.Values.Distinct().Select(a => a.DrainAsync(deadline)));
        }
        catch (OperationCanceledException)
        {
            // Those that are left are being aborted.
        }
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _aborting.Dispose();
    }

    /// <summary>The called AE title of a connection; null if none arrives in time, or the listener is closing.</summary>
    private async ValueTask<string?> CalledAsync(ConnectionContext connection)
    {
        using var timeout = new CancellationTokenSource(binding.Artim, clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token, connection.ConnectionClosed);
        try
        {
            return await CalledAeTitle.PeekAsync(connection.Transport.Input, ending.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            if (timeout.IsCancellationRequested) DimseLog.SaidNothing(logger, binding.Network, binding.Artim.TotalSeconds);
            return null;
        }
    }

    private GatewaySnapshot? Enter()
    {
        try
        {
            return runtime.Enter();
        }
        catch (GatewayException)
        {
            return null; // the gateway is stopping
        }
    }

    private async Task ServeAsync(ConnectionContext connection, DicomAcceptor acceptor)
    {
        var dicom = new DicomConnection
        {
            Transport = connection.Transport,
            Abort = connection.Abort,
            Socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket,
            RemoteEndPoint = connection.RemoteEndPoint,
            LocalEndPoint = connection.LocalEndPoint,
            PeerCertificate = connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate,
        };
        _active[dicom] = acceptor;
        // Draining has looked at the others, or will see this one: one of the two, whichever comes first.
        var draining = _stopping.IsCancellationRequested ? acceptor.DrainAsync(_aborting.Token) : Task.CompletedTask;
        try
        {
            await acceptor.RunAsync(dicom, _aborting.Token);
        }
        finally
        {
            _active.TryRemove(dicom, out _);
            await draining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
