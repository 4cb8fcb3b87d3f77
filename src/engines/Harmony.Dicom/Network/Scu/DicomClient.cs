using System.Net.Security;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Sessions;
using Harmony.Dicom.Network.Transport;
using Harmony.Dicom.Network.UpperLayer;

namespace Harmony.Dicom.Network.Scu;

/// <summary>A system that associations are opened to.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">Port, 1 to 65535.</param>
/// <param name="CalledAeTitle">Its AE title, 1 to 16 characters.</param>
/// <param name="CallingAeTitle">The AE title of this side, 1 to 16 characters.</param>
public sealed record DicomPeer(string Host, int Port, string CalledAeTitle, string CallingAeTitle)
{
    /// <summary>TLS with these options, e.g. own client certificates, or a <c>CertificateChainPolicy</c> that trusts a CA of one's own; null: none.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>Who the user is; null: not told.</summary>
    public UserIdentity? UserIdentity { get; init; }

    /// <summary>E.g. <c>ORTHANC@pacs.example.org:4242</c>.</summary>
    public override string ToString() => $"{CalledAeTitle}@{Host}:{Port}";
}

/// <summary>Opens associations.</summary>
/// <param name="options">Times and limits; null: the defaults.</param>
public sealed class DicomClient(ClientOptions? options = null)
{
    /// <summary>Times and limits.</summary>
    public ClientOptions Options { get; } = options ?? ClientOptions.Default;

    /// <summary>Connects and negotiates.</summary>
    /// <param name="peer">The peer to connect to.</param>
    /// <param name="contexts">What is proposed, at most 128.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ConnectionFailedException">There is no connection to be had, or TLS did not come about.</exception>
    /// <exception cref="AssociationTimeoutException">It took too long.</exception>
    /// <exception cref="AssociationRejectedException">The peer does not want it.</exception>
    /// <exception cref="AssociationEndedException">The peer aborted, or closed the connection.</exception>
    public async Task<ClientAssociation> ConnectAsync(DicomPeer peer, IReadOnlyList<ContextProposal> contexts, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(contexts);
        RequestorNegotiator.Check(peer, contexts);
        var connection = await ConnectAsync(peer, ct);
        try
        {
            return await NegotiateAsync(connection.Connection, connection, peer, contexts, ct);
        }
        catch (Exception e) when (e is not AssociationTimeoutException)
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Negotiates over a connection that there is already. It is not closed.</summary>
    /// <exception cref="AssociationTimeoutException">It took too long.</exception>
    /// <exception cref="AssociationRejectedException">The peer does not want it.</exception>
    /// <exception cref="AssociationEndedException">The peer aborted, or closed the connection.</exception>
    public Task<ClientAssociation> ConnectAsync(DicomConnection connection, DicomPeer peer, IReadOnlyList<ContextProposal> contexts,
        CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(contexts);
        return NegotiateAsync(connection, null, peer, contexts, ct);
    }

    private async Task<TcpConnection> ConnectAsync(DicomPeer peer, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Options.ConnectTimeout, Options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return await TcpConnection.ConnectAsync(peer.Host, peer.Port, peer.Tls, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new AssociationTimeoutException($"{peer} could not be connected to", Options.ConnectTimeout);
        }
    }

    private async Task<ClientAssociation> NegotiateAsync(DicomConnection connection, TcpConnection? owned, DicomPeer peer,
        IReadOnlyList<ContextProposal> contexts, CancellationToken ct)
    {
        var negotiator = new RequestorNegotiator(peer, contexts, Options, connection);
        var layerOptions = new UpperLayerOptions(Options.Artim, Options.OperationTimeout, Options.MaxPduLength, Options.MaxSentPduLength, Options.Limits,
            Options.TimeProvider);
        var sessionOptions = new SessionOptions(Timeout.InfiniteTimeSpan, Options.OperationTimeout, Options.MaxIdentifierLength, Options.TimeProvider);
        var session = new DimseSession(connection, isRequestor: true, layerOptions, sessionOptions, negotiator);
        var running = RunAsync(session, negotiator, owned);
        try
        {
            await Task.WhenAny(negotiator.Agreed, session.End).WaitAsync(ct);
            var waits = owned is null || !session.End.IsCompleted || (await session.End).Kind != AssociationEndKind.TimedOut;
            if (waits && !negotiator.Agreed.IsCompletedSuccessfully) await running.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            await session.AbortAsync(new AssociationEnd(AssociationEndKind.Aborted, "negotiation was cancelled"));
            throw;
        }

        if (negotiator.Agreed.IsCompletedSuccessfully) return new ClientAssociation(session, await negotiator.Agreed, running);
        // A peer that says nothing has as much time again to close the connection, and the session sees to that: the time that the caller gave has passed.
        var end = await session.End;
        throw end.Kind switch
        {
            AssociationEndKind.Rejected when end.Cause is AssociationRejectedException rejected => rejected,
            AssociationEndKind.TimedOut => new AssociationTimeoutException($"{peer} did not respond to the association request", Options.Artim),
            _ => new AssociationEndedException(end),
        };
    }

    /// <summary>Lives as long as the association.</summary>
    private static async Task<AssociationEnd> RunAsync(DimseSession session, RequestorNegotiator negotiator, TcpConnection? owned)
    {
        try
        {
            return await session.RequestAsync(negotiator.Request);
        }
        finally
        {
            session.Dispose();
            if (owned is not null) await owned.DisposeAsync();
        }
    }
}

/// <summary>How a C-GET or C-MOVE ended.</summary>
/// <param name="Result">Success, B000 (some objects failed), FE00 (cancelled) or a failure.</param>
/// <param name="SubOperations">How many objects there were.</param>
/// <param name="FailedSopInstanceUids">Those that failed, if the peer tells: (0008,0058).</param>
public sealed record RetrieveResult(DimseResult Result, SubOperations SubOperations, IReadOnlyList<string> FailedSopInstanceUids);
