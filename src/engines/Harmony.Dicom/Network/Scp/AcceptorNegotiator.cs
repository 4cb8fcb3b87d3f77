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

    public IReadOnlyList<PresentationContext> Accepted(AssociateAcceptPdu accept) => throw new InvalidOperationException("an acceptor asks for nothing");

    private AssociationRejection? Judge(AssociateRequestPdu request)
    {
        var policy = acceptor.Options.Policy;
        if ((request.ProtocolVersion & 1) == 0) return AssociationRejection.ProtocolVersionNotSupported;
        if (request.ApplicationContext != Uid.StandardApplicationContext) return AssociationRejection.ApplicationContextNotSupported;
        if (!AeTitles.IsValid(request.CalledAeTitle) || policy.CalledAeTitles?.Contains(request.CalledAeTitle) == false) return AssociationRejection.CalledAeTitleNotRecognized;
        if (!AeTitles.IsValid(request.CallingAeTitle) || policy.CallingAeTitles?.Contains(request.CallingAeTitle) == false) return AssociationRejection.CallingAeTitleNotRecognized;
        if (acceptor.IsDraining) return AssociationRejection.TemporaryCongestion;
        IsCounted = acceptor.TryCount();
        return IsCounted ? null : AssociationRejection.LocalLimitExceeded;
    }

    private ValueTask<AssociationRejection?> AuthorizeAsync(AssociationInfo info, CancellationToken ct)
        => acceptor.Options.Authorize is { } authorize ? InTimeAsync(() => authorize(info, ct), AssociationRejection.TemporaryCongestion, ct) : default;

    private ValueTask<UserIdentityVerdict> IdentifyAsync(AssociationInfo info, CancellationToken ct)
        => acceptor.Options.Identify is { } identify ? InTimeAsync(() => identify(info, ct), UserIdentityVerdict.Reject(AssociationRejection.TemporaryCongestion), ct) : new(UserIdentityVerdict.PassedOver);

    private async ValueTask<T> InTimeAsync<T>(Func<ValueTask<T>> judge, T undecided, CancellationToken ct)
    {
        try
        {
            return await judge().AsTask().WaitAsync(acceptor.Options.Artim, acceptor.Options.TimeProvider, ct);
        }
        catch (Exception)
        {
            return undecided; // too late, or it failed: nobody gets in by that
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
            // None where nobody has looked at the identity: the standard's way to say so.
            UserIdentityResponse = request.UserInformation.UserIdentity is { WantsResponse: true } ? identity.Response : null,
        },
    };
}
