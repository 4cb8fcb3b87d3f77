using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Testing;

namespace Harmony.Http.Tests.Tls;

/// <summary>Certificates of clients: who gets in, and as whom.</summary>
public class ClientIdentityTests
{
    private const string ForClients = "1.3.6.1.5.5.7.3.2";
    private const string ForServers = "1.3.6.1.5.5.7.3.1";

    private static readonly TestAuthority Clinic = TestAuthority.Create("clinic");
    private static readonly TestAuthority Stranger = TestAuthority.Create("clinic"); // the same name, another key
    private static readonly TestAuthority Public = TestAuthority.Create("public"); // vouches for the gateway, not for clients

    public static TheoryData<string, string, bool> Shown => new()
    {
        { "require", "good", true },
        { "require", "any purpose", true },
        { "require", "nothing", false },
        { "require", "another authority", false },
        { "require", "the server's authority", false },
        { "require", "self-signed", false },
        { "require", "for servers", false },
        { "require", "expired", false },
        { "require", "signed with SHA-1", false },
        { "require", "RSA of 1024 bits", false },
        { "require", "RSA of 2048 bits", true },
        { "require", "for key encipherment", false },
        { "require", "for signatures", true },
        { "request", "signed with SHA-1", false },
        { "request", "nothing", true },
        { "request", "good", true },
        { "request", "another authority", false },
        { "none", "nothing", true },
    };

    [Theory]
    [MemberData(nameof(Shown))]
    public async Task Client_WithThis_GetsInOrNot(string clientAuth, string shows, bool getsIn)
    {
        await using var gateway = await StartAsync($"client_auth = \"{clientAuth}\"\n" + (clientAuth == "none" ? "" : "client_ca_path = \"clients.pem\""));
        using var certificate = CertificateOf(shows);
        string answer;
        try
        {
            using var client = await TlsPeer.ConnectAsync(gateway.Gateway.Address, "gateway.example", certificate);
            answer = await client.GetAsync();
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            answer = "";
        }

        Assert.Equal(getsIn, answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal));
        Assert.Equal(getsIn ? 1 : 0, gateway.Seen.Count);
    }

    [Fact]
    public async Task Subject_IsTheIdentityAndInTheMetadata_WhateverFieldsSay()
    {
        await using var gateway = await StartAsync("client_ca_path = \"clients.pem\"");
        using var certificate = Clinic.IssueFor(ForClients, "modality-7");
        using var client = await TlsPeer.ConnectAsync(gateway.Gateway.Address, "gateway.example", certificate);
        await client.GetAsync("tls.client_subject: CN=boss\r\nX-SSL-Client-Subject: CN=boss\r\nX-Client-Cert: boss\r\n");
        var (identity, metadata) = gateway.Seen.Single();
        Assert.Equal(("mutual_tls", "CN=modality-7"), (identity!.Method, identity.Subject));
        Assert.Equal("CN=modality-7", metadata["tls.client_subject"]);
        Assert.Equal("CN=clinic", metadata["tls.client_issuer"]);
        Assert.Equal(certificate.SerialNumber, metadata["tls.client_serial"]);
        Assert.Equal(certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), metadata["tls.client_fingerprint"]);
    }

    [Fact]
    public async Task Subject_OfNobody_IsNoIdentity()
    {
        await using var gateway = await StartAsync("client_ca_path = \"clients.pem\"\nclient_auth = \"request\"");
        using var client = await TlsPeer.ConnectAsync(gateway.Gateway.Address, "gateway.example");
        await client.GetAsync("tls.client_subject: CN=boss\r\n");
        var (identity, metadata) = gateway.Seen.Single();
        Assert.Null(identity);
        Assert.DoesNotContain("tls.client_subject", metadata.Keys);
    }

    private static X509Certificate2? CertificateOf(string what) => what switch
    {
        "good" => Clinic.IssueFor(ForClients, "good"),
        "any purpose" => Clinic.Issue("any"),
        "another authority" => Stranger.IssueFor(ForClients, "stranger"),
        "the server's authority" => Public.IssueFor(ForClients, "public"),
        "self-signed" => TestAuthority.SelfSigned("self"),
        "for servers" => Clinic.IssueFor(ForServers, "server"),
        "expired" => Clinic.IssueFor(ForClients, "late", isExpired: true),
        "signed with SHA-1" => Clinic.IssueFor(ECDsa.Create(ECCurve.NamedCurves.nistP256), "old", HashAlgorithmName.SHA1),
        "RSA of 1024 bits" => Clinic.IssueFor(RSA.Create(1024), "short", HashAlgorithmName.SHA256),
        "RSA of 2048 bits" => Clinic.IssueFor(RSA.Create(2048), "long", HashAlgorithmName.SHA256),
        "for key encipherment"
            => Clinic.IssueFor(ECDsa.Create(ECCurve.NamedCurves.nistP256), "other", HashAlgorithmName.SHA256, X509KeyUsageFlags.KeyEncipherment),
        "for signatures" => Clinic.IssueFor(ECDsa.Create(ECCurve.NamedCurves.nistP256), "fit", HashAlgorithmName.SHA256, X509KeyUsageFlags.DigitalSignature),
        _ => null,
    };

    private static async Task<Watched> StartAsync(string tcp)
    {
        var files = TlsGateway.Files(("main", Public.Issue("main", "gateway.example")));
        files["clients.pem"] = Clinic.Pem;
        var watch = new Watch();
        return new Watched(watch.Seen, await TestGateway.StartAsync($"""
            [proxy]
            name = "test"
            primary_provider = "local"
            [pipelines.main]
            networks = ["main"]
            endpoints = ["all"]
            middleware = ["watch"]
            backends = ["echo"]
            [endpoints.all]
            service = "http"
            options.path_prefix = "/"
            [middleware.watch]
            type = "watch"
            [backends.echo]
            service = "echo"
            [network.main.tcp_config]
            bind_address = "127.0.0.1"
            cert_path = "main.pem"
            key_path = "main.key"
            {tcp}
            """, files, extra: watch));
    }

    /// <summary>A gateway, and who sent each request to it.</summary>
    private sealed class Watched(List<(Identity? Identity, IDictionary<string, string> Metadata)> seen, TestGateway gateway) : IAsyncDisposable
    {
        public TestGateway Gateway => gateway;

        public List<(Identity? Identity, IDictionary<string, string> Metadata)> Seen => seen;

        public ValueTask DisposeAsync() => gateway.DisposeAsync();
    }

    private sealed class Watch : IModulePack, IRequestMiddleware
    {
        public List<(Identity? Identity, IDictionary<string, string> Metadata)> Seen { get; } = [];

        public void AddTo(ModuleRegistryBuilder modules)
            => modules.Add(new MiddlewareModule(
                "watch", "Watches.", ModuleFactory<MiddlewareContext, IMiddleware>.From<Harmony.Data.Middleware.Passthru.PassthruOptions>((_, _) => this)));

        public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
        {
            Seen.Add((request.Identity, request.Metadata));
            return new ValueTask<MiddlewareResult>(MiddlewareResult.Continue);
        }
    }
}
