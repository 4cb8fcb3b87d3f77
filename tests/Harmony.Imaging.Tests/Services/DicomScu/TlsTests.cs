using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Services.DicomScu;

public sealed class TlsTests
{
    private static readonly TestAuthority Authority = TestAuthority.Create("clinic");
    private static readonly X509Certificate2 Gateway = Authority.Issue("gateway", "127.0.0.1");

    private static readonly Dictionary<string, string> Files = new()
    {
        ["ca.pem"] = Authority.Pem, ["gateway.pem"] = Gateway.ExportCertificatePem(), ["gateway.key"] = TestAuthority.KeyOf(Gateway),
    };

    private const string Shown = "tls = { ca_cert_path = \"ca.pem\", client_cert_path = \"gateway.pem\", client_key_path = \"gateway.key\" }";

    [Theory]
    [InlineData(Shown, 200)]
    [InlineData("use_tls = true\n" + Shown, 200)]
    [InlineData("tls = { ca_cert_path = \"ca.pem\" }", 500)]
    [InlineData("use_tls = true", 500)]
    [InlineData("", 500)]
    [InlineData("tls = { ca_cert_path = \"ca.pem\", client_cert_path = \"gateway.pem\", client_key_path = \"gateway.key\", server_name = \"other\" }", 500)]
    public async Task Peer_OfTls_IsTrustedAndShownWhatIsConfigured(string options, int status)
    {
        await using var pacs = FakePacs.Start(new FakePacsSettings { Tls = ServerTls() });
        await using var gateway = await ScuGateway.StartAsync(pacs.Port, (status == 200 ? "" : "artim_secs = 2\n") + options, files: Files);
        Assert.Equal(status, (await gateway.AskAsync("/echo")).Status);
    }

    /// <summary>What goes out over TLS does not come in without.</summary>
    [Fact]
    public async Task Move_OverTls_ComesInOverTls()
    {
        var port = FreePort.Take();
        var to = new Harmony.Dicom.Network.Scu.DicomPeer("127.0.0.1", port, "HARMONY_SCU", "PACS") { Tls = ClientTls() };
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { Tls = ServerTls(), Destination = to });
        await using var gateway = await ScuGateway.StartAsync(pacs.Port, $"incoming_store_port = {port}\n{Shown}", files: Files);
        var (status, answer) = await gateway.AskAsync("/move", """{"StudyInstanceUID":{"Value":["1.2"]}}""");
        Assert.True(status == 200, answer.ToJsonString());
        Assert.Equal(4, (int)answer["file_count"]!);
    }

    private static SslServerAuthenticationOptions ServerTls() => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(Authority.Issue("pacs", "127.0.0.1"), null, offline: true),
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, certificate, chain, _) => Authority.Vouches(certificate as X509Certificate2, chain),
    };

    private static SslClientAuthenticationOptions ClientTls() => new()
    {
        TargetHost = "127.0.0.1",
        ClientCertificateContext = SslStreamCertificateContext.Create(Authority.Issue("pacs", "127.0.0.1"), null, offline: true),
        RemoteCertificateValidationCallback = (_, certificate, chain, _) => Authority.Vouches(certificate as X509Certificate2, chain),
    };
}
