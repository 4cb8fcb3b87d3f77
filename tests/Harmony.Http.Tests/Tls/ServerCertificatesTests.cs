using System.Net.Security;
using System.Security.Authentication;
using Harmony.Testing;

namespace Harmony.Http.Tests.Tls;

/// <summary>What clients of TLS are shown, and what is agreed on.</summary>
public class ServerCertificatesTests
{
    private static readonly TestAuthority Authority = TestAuthority.Create("authority");

    [Fact]
    public async Task Name_ThatAClientAsksFor_ChoosesTheCertificate()
    {
        var files = TlsGateway.Files(
            ("default", Authority.Issue("default", "gateway.example")),
            ("wild", Authority.Issue("wild", "*.clinic.example", "clinic.example")),
            ("exact", Authority.Issue("exact", "images.clinic.example")));
        await using var gateway = await TlsGateway.StartAsync("""
            cert_path = "default.pem"
            key_path = "default.key"
            [[network.main.tcp_config.certificates]]
            cert_path = "wild.pem"
            key_path = "wild.key"
            [[network.main.tcp_config.certificates]]
            cert_path = "exact.pem"
            key_path = "exact.key"
            """, files);
        foreach (var (host, shown) in new[]
        {
            ("gateway.example", "default"), ("images.clinic.example", "exact"), ("IMAGES.Clinic.example", "exact"), ("a.clinic.example", "wild"),
            ("clinic.example", "wild"),
            ("a.b.clinic.example", "default"), ("other.example", "default"), ("example", "default"), ("", "default"), ("127.0.0.1", "default"),
        })
        {
            using var client = await TlsPeer.ConnectAsync(gateway.Address, host);
            Assert.True(client.Shown == shown, $"{host}: {client.Shown}");
        }
    }

    [Fact]
    public async Task FirstOfAList_WithoutAnother_IsTheDefault()
    {
        await using var gateway = await TlsGateway.StartAsync("""
            [[network.main.tcp_config.certificates]]
            cert_path = "one.pem"
            key_path = "one.key"
            """, TlsGateway.Files(("one", Authority.Issue("one", "one.example"))));
        using var client = await TlsPeer.ConnectAsync(gateway.Address, "other.example");
        Assert.Equal("one", client.Shown);
        Assert.StartsWith("HTTP/1.1 200", await client.GetAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chain_InTheFile_IsSentAlong()
    {
        var intermediate = Authority.Intermediate("intermediate");
        var files = TlsGateway.Files(("main", intermediate.Issue("main", "gateway.example")));
        files["main.pem"] += "\n" + intermediate.Pem;
        await using var gateway = await TlsGateway.StartAsync("cert_path = \"main.pem\"\nkey_path = \"main.key\"", files);
        using var client = await TlsPeer.ConnectAsync(gateway.Address, "gateway.example");
        Assert.Contains("CN=intermediate", client.Sent);
    }

    /// <summary>Browsers offer h2 before http/1.1; old clients offer nothing.</summary>
    [Theory]
    [InlineData("h2,http/1.1", "h2")]
    [InlineData("http/1.1", "http/1.1")]
    [InlineData("", "")]
    public async Task Alpn_ChoosesTheProtocol(string offered, string chosen)
    {
        await using var gateway = await TlsGateway.StartAsync(TestCertificate.Toml, TestCertificate.Files);
        SslApplicationProtocol[] offers = [.. offered.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(p => new SslApplicationProtocol(p))];
        using var client = await TlsPeer.ConnectAsync(gateway.Address, "localhost", offers: offers);
        Assert.Equal(chosen, client.Agreed.Protocol);
    }

#pragma warning disable SYSLIB0039, CA5397, CA5398 // what a server must refuse has to be offered
    [Theory]
    [InlineData("1.2", SslProtocols.Tls12, true)]
    [InlineData("1.2", SslProtocols.Tls13, true)]
    [InlineData("1.2", SslProtocols.Tls11, false)]
    [InlineData("1.3", SslProtocols.Tls13, true)]
    [InlineData("1.3", SslProtocols.Tls12, false)]
    public async Task Version_BelowTheLeast_IsRefused(string least, SslProtocols offered, bool isGood)
    {
        await using var gateway = await TlsGateway.StartAsync($"tls_min_version = \"{least}\"\n{TestCertificate.Toml}", TestCertificate.Files);
        var connecting = TlsPeer.ConnectAsync(gateway.Address, "localhost", versions: offered);
        if (isGood)
        {
            using var client = await connecting;
            Assert.Equal(offered, client.Agreed.Version);
        }
        else
        {
            await Assert.ThrowsAnyAsync<Exception>(() => connecting);
        }
    }
#pragma warning restore SYSLIB0039, CA5397, CA5398
}
