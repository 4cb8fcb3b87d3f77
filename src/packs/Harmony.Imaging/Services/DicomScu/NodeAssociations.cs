using System.Net.Security;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Network;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>
/// The associations with one system. They outlive a configuration as long as the next one asks for the same (<see cref="DicomNode"/>): a reload
/// costs no negotiation, and the cap counts for both.
/// </summary>
internal sealed class NodeAssociations : IAsyncDisposable
{
    private static readonly ContextProposal[] Verification = [ContextProposal.For(Uid.VerificationSOPClass)];

    private readonly DicomPeer _peer;
    private readonly DicomClient _client;
    private readonly AssociationPool _pool;
    private readonly TimeSpan _wait;
    private readonly TimeProvider _clock;
    private int _inUse;

    /// <param name="node">Everything that makes them what they are.</param>
    /// <param name="tls">Certificates for TLS; <see cref="DicomNode.Tls"/> is their fingerprint. Null without TLS.</param>
    /// <param name="clock">Tells the time.</param>
    public NodeAssociations(DicomNode node, SslClientAuthenticationOptions? tls, TimeProvider clock)
    {
        (_wait, _clock) = (node.Timeout, clock);
        _peer = new DicomPeer(node.Host, node.Port, node.AeTitle, node.LocalAeTitle) { Tls = tls };
        _client = new DicomClient(new ClientOptions
        {
            ConnectTimeout = node.ConnectTimeout,
            Artim = node.Artim,
            OperationTimeout = node.Timeout,
            MaxPduLength = node.MaxPdu,
            TimeProvider = clock,
        });
        _pool = new AssociationPool(new AssociationPoolOptions { MaxPerPeer = node.MaxAssociations, IdleTimeout = node.Idle }, _client);
    }

    /// <summary>Operations that have one or wait for one, of the old configuration and the new.</summary>
    public int InUse => Volatile.Read(ref _inUse);

    /// <summary>Counts an operation.</summary>
    public void Enter() => Interlocked.Increment(ref _inUse);

    /// <summary>Removes the association from the count.</summary>
    public void Leave() => Interlocked.Decrement(ref _inUse);

    /// <summary>An idle association, or a new one; waits while the most allowed are in use, but no longer than the response time-out.</summary>
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
            throw new AssociationsBusyException(_wait);
        }
    }

    /// <summary>C-ECHO on an association that is not one of the pool.</summary>
    public async Task EchoAsync(CancellationToken ct)
    {
        await using var association = await _client.ConnectAsync(_peer, Verification, ct);
        await association.EchoAsync(ct);
    }

    public ValueTask DisposeAsync() => _pool.DisposeAsync();
}

/// <summary>An association with a target while an operation has it; given back by disposing this.</summary>
/// <param name="target">The target of the association.</param>
/// <param name="pooled">The association.</param>
/// <param name="owner">Counts it.</param>
internal sealed class RentedAssociation(DicomTarget target, PooledAssociation pooled, NodeAssociations owner) : IAsyncDisposable
{
    private int _isDisposed;

    /// <summary>The target of the association.</summary>
    public DicomTarget Target => target;

    /// <summary>The association.</summary>
    public ClientAssociation Association => pooled.Association;

    /// <summary>Whether the association was used before, so that it may have ended unnoticed.</summary>
    public bool IsReused => pooled.IsReused;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        try
        {
            await pooled.DisposeAsync();
        }
        finally
        {
            owner.Leave();
        }
    }
}

/// <summary>All associations that there may be with a system were in use for as long as may be waited. That says nothing of the system.</summary>
/// <param name="wait">The time.</param>
internal sealed class AssociationsBusyException(TimeSpan wait) : DicomNetworkException($"no association was free within {wait.TotalSeconds:0.###} s");
