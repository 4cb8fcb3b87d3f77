using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Network.Transport;
using Harmony.Testing;

namespace Harmony.Dicom.Tests.Network.Scp;

/// <summary>TLS on both sides, with authorities of one's own.</summary>
public sealed class TlsTests
{
    private static readonly TestAuthority Ours = TestAuthority.Create("ours");
    private static readonly TestAuthority Theirs = TestAuthority.Create("theirs");

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public async Task BothSides_AreAuthenticated(bool isServerTrusted, bool isClientTrusted, bool isAccepted)
    {
        var serverOptions = ServerOptions((isServerTrusted ? Ours : Theirs).Issue("pacs", "127.0.0.1"), Ours);
        await using var server = TestServer.Start(listener: new DicomServerOptions { Tls = serverOptions });
        var client = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = Trusting(Ours),
            ClientCertificateContext = SslStreamCertificateContext.Create((isClientTrusted ? Ours : Theirs).Issue("modality"), null, offline: true),
        };
        var peer = server.Peer with { Tls = client };
        var connecting = new DicomClient().ConnectAsync(peer, [ContextProposal.For(Uid.VerificationSOPClass)], Guard.Token);
        if (isAccepted)
        {
            await using var association = await connecting;
            await association.EchoAsync(Guard.Token);
            Assert.Equal("CN=pacs", association.Info.PeerCertificate?.Subject);
            Assert.Equal("CN=modality", Assert.Single(server.Archive.Associations).PeerCertificate?.Subject);
            return;
        }

        var e = await Assert.ThrowsAnyAsync<DicomNetworkException>(() => connecting);
        if (!isServerTrusted) Assert.IsType<AuthenticationException>(Assert.IsType<ConnectionFailedException>(e).InnerException);
        Assert.Empty(server.Archive.Associations);
    }

    /// <summary>A server that wants client certificates of an authority.</summary>
    internal static SslServerAuthenticationOptions ServerOptions(X509Certificate2 certificate, TestAuthority clients) => new()
    {
        ServerCertificate = certificate,
        ClientCertificateRequired = true,
        CertificateChainPolicy = Trusting(clients),
    };

    internal static SslServerAuthenticationOptions ServerOptions(string certificate, string key, TestAuthority clients)
        => ServerOptions(X509Certificate2.CreateFromPemFile(certificate, key), clients);

    internal static X509ChainPolicy Trusting(TestAuthority authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(authority.Pem));
        return policy;
    }
}
