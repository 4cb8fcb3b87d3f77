using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Network.Scp;

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
        if (policy is { PrefersOwnOrder: true, TransferSyntaxes: { } own }) return own.FirstOrDefault(s => Fits(s) && proposal.TransferSyntaxes.Contains(s.Uid));
        foreach (var uid in proposal.TransferSyntaxes)
        {
            var syntax = policy.TransferSyntaxes is { } allowed ? allowed.FirstOrDefault(s => s.Uid == uid) : TransferSyntax.TryFind(uid, out var known) ? known : null;
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
        return SopClasses.IsGet(uid) ? handlers.Get is not null : handlers.Normalized is not null;
    }

    /// <summary>Whether this side may have something to send of this class: objects of a C-GET, or the results that a provider reports.</summary>
    private bool IsUsed(string uid)
        => SopClasses.IsStorage(uid) ? handlers.Get is not null && (policy.AcceptsAllStorage || policy.SopClasses?.Contains(uid) == true) : handlers.Normalized is not null;
}
