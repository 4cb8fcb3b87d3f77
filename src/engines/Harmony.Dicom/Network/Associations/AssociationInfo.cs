using System.Net;
using System.Security.Cryptography.X509Certificates;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Network.Associations;

/// <summary>What is known about an association from the moment it is established.</summary>
public sealed record AssociationInfo
{
    /// <summary>Who calls.</summary>
    public required string CallingAeTitle { get; init; }

    /// <summary>Who is called.</summary>
    public required string CalledAeTitle { get; init; }

    /// <summary>What was agreed, contexts that were not accepted included.</summary>
    public required IReadOnlyList<PresentationContext> PresentationContexts { get; init; }

    /// <summary>What the peer says about itself. Its user identity is here, its secrets included.</summary>
    public required UserInformation Peer { get; init; }

    /// <summary>Address of the peer, if it has one.</summary>
    public EndPoint? RemoteEndPoint { get; init; }

    /// <summary>Address of this side, if it has one.</summary>
    public EndPoint? LocalEndPoint { get; init; }

    /// <summary>The certificate that the peer has shown, if it has.</summary>
    public X509Certificate2? PeerCertificate { get; init; }
}

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

/// <summary>What was agreed about a SOP class.</summary>
/// <param name="Id">Odd, 1 to 255.</param>
/// <param name="AbstractSyntax">UID of the SOP class.</param>
/// <param name="Result">Whether it was accepted.</param>
/// <param name="TransferSyntax">The encoding of its data sets; means nothing if the context was not accepted.</param>
/// <param name="IsScu">Whether the local side may use the service.</param>
/// <param name="IsScp">Whether the local side may provide it.</param>
public sealed record PresentationContext(byte Id, string AbstractSyntax, ContextResult Result, TransferSyntax TransferSyntax, bool IsScu, bool IsScp)
{
    /// <summary>Whether it can be used.</summary>
    public bool IsAccepted => Result == ContextResult.Accepted;
}
