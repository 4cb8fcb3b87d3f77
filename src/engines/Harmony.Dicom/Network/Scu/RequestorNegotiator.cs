using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Sessions;
using Harmony.Dicom.Network.Transport;

namespace Harmony.Dicom.Network.Scu;

/// <summary>Asks for an association, and takes the answer.</summary>
internal sealed class RequestorNegotiator : INegotiator
{
    private const int MaxContexts = 128;

    private readonly TaskCompletionSource<AssociationInfo> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IReadOnlyList<ContextProposal> _proposals;
    private readonly DicomConnection _connection;

    /// <exception cref="ArgumentException">There are none or too many contexts, one without a transfer syntax, or a title is none.</exception>
    public RequestorNegotiator(DicomPeer peer, IReadOnlyList<ContextProposal> proposals, ClientOptions options, DicomConnection connection)
    {
        Check(peer, proposals);
        (_proposals, _connection) = (proposals, connection);
        Request = new AssociateRequestPdu
        {
            CalledAeTitle = peer.CalledAeTitle,
            CallingAeTitle = peer.CallingAeTitle,
            PresentationContexts =
                [.. proposals.Select((p, i) => new ContextProposalItem(IdOf(i), p.AbstractSyntax, [.. p.TransferSyntaxes.Select(s => s.Uid)]))],
            UserInformation = new UserInformation
            {
                MaxPduLength = (uint)options.MaxPduLength,
                RoleSelections = [.. Roles(proposals)],
                UserIdentity = peer.UserIdentity,
            },
        };
    }

    /// <summary>What is asked for.</summary>
    public AssociateRequestPdu Request { get; }

    /// <summary>What was agreed, when the peer has accepted.</summary>
    public Task<AssociationInfo> Agreed => _accepted.Task;

    /// <exception cref="ArgumentException">There are none or too many contexts, one without a transfer syntax, or a title is none.</exception>
    public static void Check(DicomPeer peer, IReadOnlyList<ContextProposal> proposals)
    {
        if (proposals.Count is 0 or > MaxContexts)
            throw new ArgumentException($"1 to {MaxContexts} presentation contexts can be proposed, not {proposals.Count}", nameof(proposals));
        if (proposals.Any(p => p.TransferSyntaxes.Count == 0)) throw new ArgumentException("a presentation context has no transfer syntax", nameof(proposals));
        if (!AeTitles.IsValid(peer.CalledAeTitle) || !AeTitles.IsValid(peer.CallingAeTitle))
            throw new ArgumentException("an AE title has 1 to 16 characters of ASCII, no backslash, and is not blank", nameof(peer));
    }

    public ValueTask<(Pdu Answer, IReadOnlyList<PresentationContext> Contexts)> AnswerAsync(AssociateRequestPdu request, CancellationToken ct)
        => throw new InvalidOperationException("a requestor accepts nothing");

    public IReadOnlyList<PresentationContext> Accepted(AssociateAcceptPdu accept)
    {
        var contexts = new List<PresentationContext>(_proposals.Count);
        for (var i = 0; i < _proposals.Count; i++) contexts.Add(Take(IdOf(i), _proposals[i], accept));
        _accepted.TrySetResult(new AssociationInfo
        {
            CallingAeTitle = Request.CallingAeTitle,
            CalledAeTitle = Request.CalledAeTitle,
            PresentationContexts = contexts,
            Peer = accept.UserInformation,
            RemoteEndPoint = _connection.RemoteEndPoint,
            LocalEndPoint = _connection.LocalEndPoint,
            PeerCertificate = _connection.PeerCertificate,
        });
        return contexts;
    }

    private static PresentationContext Take(byte id, ContextProposal proposal, AssociateAcceptPdu accept)
    {
        if (accept.PresentationContexts.FirstOrDefault(c => c.Id == id) is not { } result)
        {
            return new PresentationContext(id, proposal.AbstractSyntax, ContextResult.NoReason, proposal.TransferSyntaxes[0], IsScu: false, IsScp: false);
        }

        if (result.Result != ContextResult.Accepted)
            return new PresentationContext(id, proposal.AbstractSyntax, result.Result, proposal.TransferSyntaxes[0], IsScu: false, IsScp: false);
        // Accepted with a transfer syntax that was not proposed: this context is good for nothing, which is no reason to do without the others.
        if (proposal.TransferSyntaxes.FirstOrDefault(s => s.Uid == result.TransferSyntax) is not { } syntax)
        {
            return new PresentationContext(id, proposal.AbstractSyntax, ContextResult.TransferSyntaxesNotSupported, proposal.TransferSyntaxes[0], IsScu: false,
                IsScp: false);
        }

        // Without an answer to a role selection the usual roles hold: PS3.7 §D.3.3.4.2.
        var role = accept.UserInformation.RoleSelections.LastOrDefault(r => r.SopClassUid == proposal.AbstractSyntax);
        return new PresentationContext(id, proposal.AbstractSyntax, ContextResult.Accepted, syntax, IsScu: role?.IsScu ?? true, IsScp: proposal.IsScp
            && role is { IsScp: true });
    }

    private static IEnumerable<RoleSelection> Roles(IReadOnlyList<ContextProposal> proposals) => proposals
        .GroupBy(p => p.AbstractSyntax, StringComparer.Ordinal)
        .Where(g => g.Any(p => p.IsScp))
        .Select(g => new RoleSelection(g.Key, g.Any(p => p.IsScu), IsScp: true));

    private static byte IdOf(int index) => (byte)((2 * index) + 1);
}
