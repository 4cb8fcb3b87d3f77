using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Sessions;
using Harmony.Dicom.Network.Transport;

namespace Harmony.Dicom.Network.Scp;

/// <summary>Answers a request for an association: PS3.8 §7.1, PS3.7 §D.3.</summary>
/// <param name="acceptor">Has options, handlers and the number of associations.</param>
/// <param name="connection">Where the request comes from.</param>
internal sealed class AcceptorNegotiator(DicomAcceptor acceptor, DicomConnection connection) : INegotiator
{
    private readonly ContextPolicy _policy = new(acceptor.Options.Policy, acceptor.Handlers);

    /// <summary>What was agreed; null if nothing was.</summary>
    public AssociationInfo? Agreed { get; private set; }

    /// <summary>Whether the association counts as one of the acceptor's.</summary>
    public bool IsCounted { get; private set; }

    public async ValueTask<(Pdu Answer, IReadOnlyList<PresentationContext> Contexts)> AnswerAsync(AssociateRequestPdu request, CancellationToken ct)
    {
        var rejection = Judge(request);
        IReadOnlyList<PresentationContext> contexts = [];
        var identity = UserIdentityVerdict.PassedOver;
        if (rejection is null)
        {
            contexts = _policy.Judge(request);
            var info = new AssociationInfo
            {
                CallingAeTitle = request.CallingAeTitle,
                CalledAeTitle = request.CalledAeTitle,
                PresentationContexts = contexts,
                Peer = request.UserInformation,
                RemoteEndPoint = connection.RemoteEndPoint,
                LocalEndPoint = connection.LocalEndPoint,
                PeerCertificate = connection.PeerCertificate,
            };
            rejection = await AuthorizeAsync(info, ct);
            if (rejection is null) identity = await IdentifyAsync(info, ct);
            rejection ??= identity.Rejection;
            if (rejection is null) Agreed = info;
        }

        if (rejection is not null)
        {
            acceptor.Observer?.Rejected(request.CallingAeTitle, request.CalledAeTitle, connection.RemoteEndPoint, rejection);
            return (new AssociateRejectPdu(rejection), []);
        }

        acceptor.Observer?.Accepted(Agreed!);
        return (Accept(request, contexts, identity), contexts);
    }

    public IReadOnlyList<PresentationContext> Accepted(AssociateAcceptPdu accept) => throw new InvalidOperationException("an acceptor requests no "
        + "presentation contexts");

    private AssociationRejection? Judge(AssociateRequestPdu request)
    {
        var policy = acceptor.Options.Policy;
        if ((request.ProtocolVersion & 1) == 0) return AssociationRejection.ProtocolVersionNotSupported;
        if (request.ApplicationContext != Uid.StandardApplicationContext) return AssociationRejection.ApplicationContextNotSupported;
        if (!AeTitles.IsValid(request.CalledAeTitle) || policy.CalledAeTitles?.Contains(request.CalledAeTitle) == false)
            return AssociationRejection.CalledAeTitleNotRecognized;
        if (!AeTitles.IsValid(request.CallingAeTitle) || policy.CallingAeTitles?.Contains(request.CallingAeTitle) == false)
            return AssociationRejection.CallingAeTitleNotRecognized;
        if (acceptor.IsDraining) return AssociationRejection.TemporaryCongestion;
        IsCounted = acceptor.TryCount();
        return IsCounted ? null : AssociationRejection.LocalLimitExceeded;
    }

    private ValueTask<AssociationRejection?> AuthorizeAsync(AssociationInfo info, CancellationToken ct)
        => acceptor.Options.Authorize is { } authorize ? InTimeAsync(() => authorize(info, ct), AssociationRejection.TemporaryCongestion, ct) : default;

    private ValueTask<UserIdentityVerdict> IdentifyAsync(AssociationInfo info, CancellationToken ct)
        => acceptor.Options.Identify is { } identify
            ? InTimeAsync(() => identify(info, ct), UserIdentityVerdict.Reject(AssociationRejection.TemporaryCongestion), ct)
            : new(UserIdentityVerdict.PassedOver);

    private async ValueTask<T> InTimeAsync<T>(Func<ValueTask<T>> judge, T undecided, CancellationToken ct)
    {
        try
        {
            return await judge().AsTask().WaitAsync(acceptor.Options.Artim, acceptor.Options.TimeProvider, ct);
        }
        catch (Exception)
        {
            return undecided; // too late, or it failed: that admits no peer
        }
    }

    private AssociateAcceptPdu Accept(AssociateRequestPdu request, IReadOnlyList<PresentationContext> contexts, UserIdentityVerdict identity) => new()
    {
        CalledAeTitle = request.CalledAeTitle,
        CallingAeTitle = request.CallingAeTitle,
        PresentationContexts = [.. contexts.Select(c => new ContextResultItem(c.Id, c.Result, c.TransferSyntax.Uid))],
        UserInformation = new UserInformation
        {
            MaxPduLength = (uint)acceptor.Options.MaxPduLength,
            AsynchronousOperations = request.UserInformation.AsynchronousOperations is null ? null : new AsynchronousOperationsWindow(1, 1),
            RoleSelections = [.. request.UserInformation.RoleSelections.Select(r => _policy.Judge(r))],
            // None when the identity was not examined: the standard's way to say so.
            UserIdentityResponse = request.UserInformation.UserIdentity is { WantsResponse: true } ? identity.Response : null,
        },
    };
}

/// <summary>Judges presentation contexts and roles.</summary>
internal sealed class ContextPolicy(NegotiationPolicy policy, DimseHandlers handlers)
{
    /// <summary>What is agreed about each proposal.</summary>
    /// <exception cref="PduException">Two proposals have one number.</exception>
    public IReadOnlyList<PresentationContext> Judge(AssociateRequestPdu request)
    {
        var ids = new HashSet<byte>();
        var contexts = new List<PresentationContext>(request.PresentationContexts.Count);
        foreach (var proposal in request.PresentationContexts)
        {
            if (!ids.Add(proposal.Id)) throw new PduException($"there are two presentation contexts {proposal.Id}", AbortReason.InvalidPduParameterValue);
            // The last word counts, should there be several about one SOP class.
            var role = request.UserInformation.RoleSelections.LastOrDefault(r => r.SopClassUid == proposal.AbstractSyntax);
            contexts.Add(Judge(proposal, Judge(role ?? new RoleSelection(proposal.AbstractSyntax, IsScu: true, IsScp: false))));
        }

        return contexts;
    }

    /// <summary>The roles that the requestor may have.</summary>
    public RoleSelection Judge(RoleSelection proposed) => proposed with
    {
        IsScu = proposed.IsScu && IsPerformed(proposed.SopClassUid),
        IsScp = proposed.IsScp && IsUsed(proposed.SopClassUid),
    };

    private PresentationContext Judge(ContextProposalItem proposal, RoleSelection role)
    {
        if (!role.IsScu && !role.IsScp) return Refused(proposal, ContextResult.AbstractSyntaxNotSupported);
        return Choose(proposal) is { } syntax
            ? new PresentationContext(proposal.Id, proposal.AbstractSyntax, ContextResult.Accepted, syntax, IsScu: role.IsScp, IsScp: role.IsScu)
            : Refused(proposal, ContextResult.TransferSyntaxesNotSupported);
    }

    private static PresentationContext Refused(ContextProposalItem proposal, ContextResult result)
        => new(proposal.Id, proposal.AbstractSyntax, result, TransferSyntax.Of(proposal.TransferSyntaxes[0]), IsScu: false, IsScp: false);

    private TransferSyntax? Choose(ContextProposalItem proposal)
    {
        var isStorage = SopClasses.IsStorage(proposal.AbstractSyntax);
        if (policy is { PrefersOwnOrder: true, TransferSyntaxes: { } own })
            return own.FirstOrDefault(s => Fits(s) && proposal.TransferSyntaxes.Contains(s.Uid));
        foreach (var uid in proposal.TransferSyntaxes)
        {
            var syntax = policy.TransferSyntaxes is { } allowed
                ? allowed.FirstOrDefault(s => s.Uid == uid)
                : TransferSyntax.TryFind(uid, out var known) ? known : null;
            if (syntax is not null && Fits(syntax)) return syntax;
        }

        return null;

        bool Fits(TransferSyntax syntax) => isStorage || !syntax.IsEncapsulated;
    }

    /// <summary>Whether there is a handler for what requestors ask of this class.</summary>
    private bool IsPerformed(string uid)
    {
        if (SopClasses.IsStorage(uid)) return handlers.Store is not null && (policy.AcceptsAllStorage || policy.SopClasses?.Contains(uid) == true);
        if (policy.SopClasses?.Contains(uid) == false) return false;
        if (uid == Uid.VerificationSOPClass) return handlers.Echo is not null;
        if (SopClasses.IsFind(uid)) return handlers.Find is not null;
        if (SopClasses.IsMove(uid)) return handlers.Move is not null;
        return SopClasses.IsGet(uid) ? handlers.Get is not null : IsNormalized(uid);
    }

    /// <summary>Whether this side may have something to send of this class: objects of a C-GET, or the results that a provider reports.</summary>
    private bool IsUsed(string uid)
        => SopClasses.IsStorage(uid) ? handlers.Get is not null && (policy.AcceptsAllStorage || policy.SopClasses?.Contains(uid) == true) : IsNormalized(uid);

    private bool IsNormalized(string uid) => handlers.Normalized is not null && policy.NormalizedSopClasses?.Contains(uid) != false;
}

/// <summary>What is made of the user identity of an association: PS3.7 §D.3.3.7.</summary>
public sealed record UserIdentityVerdict
{
    private UserIdentityVerdict()
    {
    }

    /// <summary>The identity was not examined: the association is accepted, and a peer that has asked for a response gets none.</summary>
    public static UserIdentityVerdict PassedOver { get; } = new();

    /// <summary>Why the association is rejected; null where it is not.</summary>
    public AssociationRejection? Rejection { get; private init; }

    /// <summary>The response for a requestor that asked for one; null for none.</summary>
    public ReadOnlyMemory<byte>? Response { get; private init; }

    /// <summary>It is good. Only Kerberos and SAML have something to respond (PS3.7 table D.3-15).</summary>
    public static UserIdentityVerdict Accept(ReadOnlyMemory<byte> response = default) => new() { Response = response };

    /// <summary>It is missing, or not good.</summary>
    /// <param name="rejection">How to reject the association; as the standard wants it where null.</param>
    public static UserIdentityVerdict Reject(AssociationRejection? rejection = null)
        => new() { Rejection = rejection ?? AssociationRejection.ProviderNoReason };
}
