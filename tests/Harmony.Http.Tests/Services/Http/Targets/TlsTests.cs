using System.Security.Cryptography.X509Certificates;
using Harmony.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Harmony.Http.Tests.Services.Http.Targets;

public class TlsTests
{
    private static readonly TestAuthority Ours = TestAuthority.Create("ours");
    private static readonly TestAuthority Other = TestAuthority.Create("other");
    private static readonly X509Certificate2 Server = Ours.Issue("server", "localhost");
    private static readonly TestAuthority Department = Ours.Intermediate("department");
    private static readonly X509Certificate2 Client = Department.Issue("gateway");

    private static readonly Dictionary<string, string> Files = new()
    {
        ["ours.pem"] = Ours.Pem,
        ["other.pem"] = Other.Pem,
        ["both.pem"] = Other.Pem + "\n" + Ours.Pem,
        ["client.pem"] = Client.ExportCertificatePem() + "\n" + Department.Pem,
        ["client.key"] = TestAuthority.KeyOf(Client),
        ["another.key"] = TestAuthority.KeyOf(Server),
        ["empty.pem"] = "",
        ["text.pem"] = "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----",
    };

    [Theory]
    [InlineData("ours.pem", "localhost", 200)]
    [InlineData("both.pem", "localhost", 200)]
    [InlineData("other.pem", "localhost", 502)]
    [InlineData("ours.pem", "127.0.0.1", 502)] // the certificate is for localhost only
    [InlineData(null, "localhost", 502)]
    public async Task CaCert_OfTarget_DecidesWhetherItIsTrusted(string? ca, string host, int status)
    {
        await using var origin = await KestrelOrigin.StartTlsAsync(tls => tls.ServerCertificate = Server, _ => Task.CompletedTask);
        var answer = await SendAsync(origin, ca is null ? "" : $"ca_cert_path = \"{ca}\"", host);
        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task HttpsTarget_OffersHttp2_IsSpokenToInHttp2()
    {
        await using var origin =
            await KestrelOrigin.StartTlsAsync(tls => tls.ServerCertificate = Server, context => context.Response.WriteAsync(context.Request.Protocol));
        Assert.Equal("HTTP/2", (await SendAsync(origin, "ca_cert_path = \"ours.pem\"")).Body);
        Assert.Equal("HTTP/1.1", (await SendAsync(origin, "ca_cert_path = \"ours.pem\"\nhttp_version = \"1.1\"")).Body);
    }

    [Theory]
    [InlineData("client_cert_path = \"client.pem\"\nclient_key_path = \"client.key\"", "CN=gateway")]
    [InlineData("", null)]
    public async Task ClientCertificate_TargetDemandsOne_IsShownWithItsChain(string options, string? subject)
    {
        await using var origin = await KestrelOrigin.StartTlsAsync(
            DemandCertificate,
            context => context.Response.WriteAsync(context.Connection.ClientCertificate!.Subject));
        var answer = await SendAsync(origin, $"ca_cert_path = \"ours.pem\"\n{options}");
        Assert.Equal(subject is null ? 502 : 200, answer.Status);
        if (subject is not null) Assert.Equal(subject, answer.Body);
    }

    [Fact]
    public async Task MutualTls_OfTarget_ShowsTheCertificateAndNotTheClientsAuthorization()
    {
        await using var origin = await KestrelOrigin.StartTlsAsync(
            DemandCertificate,
            context => context.Response.WriteAsync($"{context.Connection.ClientCertificate!.Subject}{context.Request.Headers.Authorization}"));
        await using var gateway = await BackendConfig.StartAsync($$"""
            [backends.b]
            service = "http"
            target_ref = "t"
            [authentications.mtls]
            method = "mutual_tls"
            [targets.t]
            authentication = "mtls"
            [targets.t.connection]
            host = "localhost"
            port = {{origin.Url.Port}}
            protocol = "https"
            ca_cert_path = "ours.pem"
            client_cert_path = "client.pem"
            client_key_path = "client.key"
            """, Files);
        Assert.Equal("CN=gateway", (await gateway.SendRawAsync("GET", "/", "Authorization: Bearer client")).Body);
    }

    [Fact]
    public async Task UntrustedTarget_AndATrustedOne_RequestGoesToTheOther()
    {
        await using var origin = await KestrelOrigin.StartTlsAsync(tls => tls.ServerCertificate = Server, _ => Task.CompletedTask);
        await using var gateway = await BackendConfig.StartAsync(
            BackendConfig.Sharing([origin.Url, new Uri($"https://localhost:{origin.Url.Port}")], "ca_cert_path = \"ours.pem\""), Files);
        Assert.Equal(200, (await gateway.SendRawAsync("POST", "/")).Status);
    }

    [Theory]
    [InlineData("ca_cert_path = \"nowhere\"", "(5,16): error: cannot read 'nowhere': no such file")]
    [InlineData("ca_cert_path = \"empty.pem\"", "(5,16): error: 'empty.pem' contains no PEM certificate")]
    [InlineData("ca_cert_path = \"text.pem\"", "(5,16): error: 'text.pem' contains no PEM certificate")]
    [InlineData("ca_cert_path = \"client.key\"", "(5,16): error: 'client.key' contains no PEM certificate")]
    [InlineData("client_cert_path = \"client.pem\"",
        "(5,20): error: 'client.pem' does not contain the unencrypted private key, in PEM form, of the certificate 'client.pem'")]
    [InlineData("client_key_path = \"client.key\"", "(5,19): error: 'client_key_path' needs 'client_cert_path'")]
    [InlineData("client_cert_path = \"client.pem\"\nclient_key_path = \"another.key\"",
        "(6,19): error: 'another.key' does not contain the unencrypted private key, in PEM form, of the certificate 'client.pem'")]
    [InlineData("client_cert_path = \"client.pem\"\nclient_key_path = \"nowhere\"", "(6,19): error: cannot read 'nowhere': no such file")]
    [InlineData("client_cert_path = \"nowhere\"\nclient_key_path = \"client.key\"", "(5,20): error: cannot read 'nowhere': no such file")]
    [InlineData("client_cert_path = \"text.pem\"\nclient_key_path = \"client.key\"", "(5,20): error: 'text.pem' contains no PEM certificate")]
    public async Task TlsFiles_Unusable_IsOneErrorAtItsPlace(string options, string expected)
        => Assert.Equal([expected],
            await BackendConfig.ProblemsAsync($"[backends.b]\nservice = \"http\"\n[backends.b.options]\nbase_url = \"https://a\"\n{options}", Files));

    [Fact]
    public async Task TlsFiles_OfTargetMissing_IsOneError()
        => Assert.Equal(["(3,29): error: cannot read 'nowhere': no such file"], await BackendConfig.ProblemsAsync(
            "[targets.t]\nurl = \"https://a\"\nconnection.ca_cert_path =   \"nowhere\"\n[backends.b]\nservice = \"http\"\ntarget_ref = \"t\""));

    [Fact]
    public async Task TlsFiles_OnPlainHttp_IsAWarning()
        => Assert.Equal(["(5,16): warning: 'ca_cert_path' has no effect on an address of http"], await BackendConfig.ProblemsAsync(
            "[backends.b]\nservice = \"http\"\n[backends.b.options]\nbase_url = \"http://a\"\nca_cert_path = \"ours.pem\"", Files));

    private static void DemandCertificate(HttpsConnectionAdapterOptions tls)
    {
        tls.ServerCertificate = Server;
        tls.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        tls.ClientCertificateValidation = (certificate, chain, _) => Ours.Vouches(certificate, chain);
        tls.OnAuthenticate = (_, options) => options.AllowTlsResume = false; // a resumed session has no chain to check
    }

    private static async Task<RawAnswer> SendAsync(KestrelOrigin origin, string options, string host = "localhost")
    {
        await using var gateway = await BackendConfig.StartAsync(
            $"[backends.b]\nservice = \"http\"\n[backends.b.options]\nmax_retries = 0\nbase_url = \"https://{host}:{origin.Url.Port}\"\n{options}", Files);
        return await gateway.SendRawAsync("GET", "/");
    }
}
