using System.Net.Security;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Scu;

namespace Harmony.Modules.Services.DicomScu;

/// <summary>
/// The associations with one system. They outlive a configuration as long as the next one asks for the same (<see cref="DicomNode"/>): a reload
/// costs no negotiation, and the cap counts for both.
/// </summary>
internal sealed class NodeAssociations : IAsyncDisposable
{
    private readonly DicomPeer _peer;
    private readonly AssociationPool _pool;
    private readonly TimeSpan _wait;
    private readonly TimeProvider _clock;

    /// <param name="node">Everything that makes them what they are.</param>
    /// <param name="tls">Whom to trust and what to show, <see cref="DicomNode.Tls"/> is its fingerprint; null without TLS.</param>
    /// <param name="clock">Tells the time.</param>
    public NodeAssociations(DicomNode node, SslClientAuthenticationOptions? tls, TimeProvider clock)
    {
        (_wait, _clock) = (node.Timeout, clock);
        _peer = new DicomPeer(node.Host, node.Port, node.AeTitle, node.LocalAeTitle) { Tls = tls };
        var client = new DicomClient(new ClientOptions
        {
            ConnectTimeout = node.ConnectTimeout,
            Artim = node.Artim,
            OperationTimeout = node.Timeout,
            MaxPduLength = node.MaxPdu,
            TimeProvider = clock,
        });
        _pool = new AssociationPool(new AssociationPoolOptions { MaxPerPeer = node.MaxAssociations, IdleTimeout = node.Idle }, client);
    }

    /// <summary>An association that nobody uses, or a new one; waits, but no longer than for an answer, while there are as many as there may be.</summary>
    /// <param name="contexts">What it must have been negotiated for.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="Harmony.Dicom.Network.DicomNetworkException">There is none to be had.</exception>
    public async ValueTask<PooledAssociation> RentAsync(IReadOnlyList<ContextProposal> contexts, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(_wait, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            return await _pool.RentAsync(_peer, contexts, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new AssociationTimeoutException("no association was free", _wait);
        }
    }

    public ValueTask DisposeAsync() => _pool.DisposeAsync();
}
