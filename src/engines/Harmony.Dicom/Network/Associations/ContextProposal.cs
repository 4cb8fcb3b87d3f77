using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Network.Associations;

/// <summary>A presentation context that a client proposes.</summary>
/// <param name="AbstractSyntax">UID of a SOP class.</param>
/// <param name="TransferSyntaxes">One or more, the best first. One context for each is safest: the peer chooses one of a context's.</param>
public sealed record ContextProposal(string AbstractSyntax, IReadOnlyList<TransferSyntax> TransferSyntaxes)
{
    /// <summary>Whether this side wants to use the service. Default true.</summary>
    public bool IsScu { get; init; } = true;

    /// <summary>Whether this side wants to provide it, as it has to for objects that a C-GET brings. Default false.</summary>
    public bool IsScp { get; init; }

    /// <summary>Implicit and explicit VR little endian: what services other than storage need.</summary>
    public static IReadOnlyList<TransferSyntax> Uncompressed { get; } = [TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian];

    /// <summary>A service with uncompressed data sets, such as verification or query.</summary>
    public static ContextProposal For(string abstractSyntax) => new(abstractSyntax, Uncompressed);

    /// <summary>What is needed to receive objects of a SOP class by C-GET.</summary>
    public static ContextProposal ToReceive(string sopClassUid, params IReadOnlyList<TransferSyntax> syntaxes)
        => new(sopClassUid, syntaxes is [] ? Uncompressed : syntaxes) { IsScu = false, IsScp = true };
}
