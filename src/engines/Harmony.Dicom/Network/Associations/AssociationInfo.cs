using System.Net;
using System.Security.Cryptography.X509Certificates;
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
