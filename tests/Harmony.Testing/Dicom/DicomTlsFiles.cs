using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Harmony.Testing.Dicom;

/// <summary>
/// An authority, and certificates by it for the gateway and for a peer, as files in a folder. Both sides show one and trust the authority only.
/// </summary>
public sealed class DicomTlsFiles
{
    private readonly string _folder;

    /// <param name="folder">Where the files are written.</param>
    public DicomTlsFiles(string folder)
    {
        _folder = folder;
        var authority = TestAuthority.Create("clinic");
        File.WriteAllText(Authority, authority.Pem);
        foreach (var name in new[] { "gateway", "peer" })
        {
            var certificate = authority.Issue(name, "localhost", "127.0.0.1");
            File.WriteAllText(At($"{name}.pem"), certificate.ExportCertificatePem());
            File.WriteAllText(At($"{name}.key"), TestAuthority.KeyOf(certificate));
        }
    }

    /// <summary>The authority's certificate.</summary>
    public string Authority => At("ca.pem");

    /// <summary>What a server of ours wants.</summary>
    public SslServerAuthenticationOptions Server => new() { ServerCertificateContext = Own, ClientCertificateRequired = true, CertificateChainPolicy = Trust };

    /// <summary>What a client of ours wants.</summary>
    public SslClientAuthenticationOptions Client => new() { ClientCertificateContext = Own, CertificateChainPolicy = Trust };

    /// <summary>The same for one that shows no certificate.</summary>
    public SslClientAuthenticationOptions Stranger => new() { CertificateChainPolicy = Trust };

    /// <summary>What an <see cref="OrthancPeer"/> wants.</summary>
    public (string Certificate, string Key, string Authority) Orthanc => (At("peer.pem"), At("peer.key"), Authority);

    /// <summary>The options of DCMTK's programs.</summary>
    public string[] Dcmtk => ["+tls", At("peer.key"), At("peer.pem"), "+cf", Authority];

    /// <summary>The option <c>tls</c> of a <c>dicom_scp</c> endpoint.</summary>
    public string Endpoint => $"tls = {{ cert_path = \"{At("gateway.pem")}\", key_path = \"{At("gateway.key")}\", client_ca_path = \"{Authority}\" }}";

    /// <summary>The keys of a destination.</summary>
    public string Destination => $"ca_cert_path = \"{Authority}\"\nclient_cert_path = \"{At("gateway.pem")}\"\nclient_key_path = \"{At("gateway.key")}\"";

    private SslStreamCertificateContext Own
        => SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(At("gateway.pem"), At("gateway.key")), null, offline: true);

    private X509ChainPolicy Trust
    {
        get
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(Authority);
            return policy;
        }
    }

    private string At(string name) => Path.Combine(_folder, name);
}
