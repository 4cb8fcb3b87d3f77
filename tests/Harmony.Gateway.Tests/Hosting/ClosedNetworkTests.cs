using System.Net;
using Harmony.Gateway.Tests.Cli;
using Harmony.Gateway.Tests.Management;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Hosting;

/// <summary>A certificate that cannot be used closes its network and no other: a power cut the day after it expired does not take everything down.</summary>
public sealed class ClosedNetworkTests
{
    private const string TlsFiles = "{ cert_path = \"front.pem\", key_path = \"front.key\" }";

    private static string Front(int port) => $"""
        [network.front.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = {port}
        cert_path = "front.pem"
        key_path = "front.key"
        [pipelines.front]
        networks = ["front"]
        path = "/front"
        backend_ref = "answer"
        """;

    [Theory]
    [InlineData("expired")]
    [InlineData("missing")]
    [InlineData("unreadable")]
    public async Task Network_WhoseCertificateCannotBeUsed_StaysClosed_AndOpensWhenItIsReplaced(string fault)
    {
        var port = FreePort.Take();
        await using var gateway = await ManagedGateway.StartAsync(folder => Break(folder, fault), Front(port));
        Assert.Equal(HttpStatusCode.OK, await gateway.Gateway.GetAsync("/one"));
        Assert.False(await IsOpenAsync(port));
        var status = (await gateway.GetAsync("config/status")).Answer;
        Assert.Equal(["front"], status["closed_networks"]!.AsArray().Select(n => $"{n}"));
        Assert.DoesNotContain("front", status["running_networks"]!.AsArray().Select(n => $"{n}"));
        Assert.Contains("Network &#39;front&#39; is closed", await gateway.Anybody.GetStringAsync("/"), StringComparison.Ordinal);
        var run = await CommandLine.RunAsync(gateway.Gateway.Folder, "status", "-c", "FOLDER/config.toml");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("network 'front' is closed", run.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await CommandLine.RunAsync(gateway.Gateway.Folder, "check", "-c", "FOLDER/config.toml")).ExitCode);

        // Another change is applied meanwhile: what was closed before is no reason to keep it.
        gateway.Gateway.Folder.Write("config.toml", gateway.Gateway.Managed("two", more: Front(port)));
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("reload")).Status);
        Assert.Equal(HttpStatusCode.OK, await gateway.Gateway.GetAsync("/two"));

        TestCertificate.Write(Path.Combine(gateway.Gateway.Folder.Path, "front.pem"), Path.Combine(gateway.Gateway.Folder.Path, "front.key"));
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("reload")).Status);
        Assert.True(await IsOpenAsync(port));
        Assert.Empty((await gateway.GetAsync("config/status")).Answer["closed_networks"]!.AsArray());
    }

    /// <summary>The same for a listener of DICOM: it stays closed, everything else serves.</summary>
    [Theory]
    [InlineData("expired")]
    [InlineData("missing")]
    public async Task DicomEndpoint_WhoseCertificateCannotBeUsed_StaysClosed_AndOpensWhenItIsReplaced(string fault)
    {
        var port = FreePort.Take();
        await using var gateway = await ManagedGateway.StartAsync(folder => Break(folder, fault), $"""
            [network.ward]
            [pipelines.ward]
            networks = ["ward"]
            endpoints = ["modalities"]
            backends = ["answer"]
            [endpoints.modalities]
            service = "dicom_scp"
            [endpoints.modalities.options]
            local_aet = "HARMONY"
            bind_addr = "127.0.0.1"
            port = {port}
            tls = {TlsFiles}
            """);
        Assert.Equal(HttpStatusCode.OK, await gateway.Gateway.GetAsync("/one"));
        Assert.False(await IsOpenAsync(port));
        Assert.Equal(["modalities"], (await gateway.GetAsync("config/status")).Answer["closed_endpoints"]!.AsArray().Select(n => $"{n}"));
        Assert.Contains("Endpoint &#39;modalities&#39; is closed", await gateway.Anybody.GetStringAsync("/"), StringComparison.Ordinal);
        var run = await CommandLine.RunAsync(gateway.Gateway.Folder, "status", "-c", "FOLDER/config.toml");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("endpoint 'modalities' is closed", run.Output, StringComparison.Ordinal);

        TestCertificate.Write(Path.Combine(gateway.Gateway.Folder.Path, "front.pem"), Path.Combine(gateway.Gateway.Folder.Path, "front.key"));
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("reload")).Status);
        Assert.True(await IsOpenAsync(port));
        Assert.Empty((await gateway.GetAsync("config/status")).Answer["closed_endpoints"]!.AsArray());
    }

    /// <summary>What serves is not closed by a mistake: a reload that would do so is refused.</summary>
    [Fact]
    public async Task Network_ThatServes_IsNotClosedByAReload()
    {
        var port = FreePort.Take();
        await using var gateway = await ManagedGateway.StartAsync(
            folder => TestCertificate.Write(Path.Combine(folder.Path, "front.pem"), Path.Combine(folder.Path, "front.key")), Front(port));
        Assert.True(await IsOpenAsync(port));
        Break(gateway.Gateway.Folder, "unreadable");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await gateway.PostAsync("reload")).Status);
        Assert.True(await IsOpenAsync(port));
    }

    private static void Break(ConfigFolder folder, string fault)
    {
        var (certificate, key) = (Path.Combine(folder.Path, "front.pem"), Path.Combine(folder.Path, "front.key"));
        if (fault == "unreadable") folder.Write("front.pem", "no certificate").Write("front.key", "no key");
        if (fault != "expired") return;
        using var expired = TestAuthority.SelfSigned("front", until: TimeProvider.System.GetUtcNow().AddDays(-1));
        File.WriteAllText(certificate, expired.ExportCertificatePem());
        File.WriteAllText(key, System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(
            expired)!.ExportPkcs8PrivateKeyPem());
    }

    private static async Task<bool> IsOpenAsync(int port)
    {
        using var client = new System.Net.Sockets.TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
