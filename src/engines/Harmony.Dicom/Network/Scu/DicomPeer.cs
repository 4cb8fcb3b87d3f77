using System.Net.Security;
using Harmony.Dicom.Network.Pdus;

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
