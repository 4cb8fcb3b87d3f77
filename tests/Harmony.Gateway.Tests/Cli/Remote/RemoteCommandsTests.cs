using System.Net;
using System.Security.Cryptography.X509Certificates;
using Harmony.Gateway.Tests.Management;
using Harmony.Gateway.Tests.Reloading;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Cli.Remote;

/// <summary>Commands that ask a gateway that runs.</summary>
public sealed class RemoteCommandsTests
{
    [Fact]
    public async Task Reload_FindsTheGatewayByItsConfiguration()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        var folder = gateway.Gateway.Folder;
        folder.Write("config.toml", gateway.Gateway.Managed("two"));
        Assert.Equal(new CommandLine(0, "version 2 of the configuration runs\n", ""), await CommandLine.RunAsync(folder, "reload", "-c", "FOLDER/config.toml"));
        Assert.Equal(HttpStatusCode.OK, await gateway.Gateway.GetAsync("/two"));

        folder.Write("config.toml", gateway.Gateway.Managed("two").Replace("service = \"echo\"", "service = \"ehco\"", StringComparison.Ordinal));
        var run = await CommandLine.RunAsync(folder, "reload", "-c", "FOLDER/config.toml");
        Assert.Equal((1, "the configuration was not reloaded; version 2 still runs"), (run.ExitCode, run.Lines[^1]));
        Assert.EndsWith("error: unknown service 'ehco'; did you mean 'echo'?", run.Lines[^2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_WithUrlAndTokenFile_NeedsNoConfiguration()
    {
        await using var gateway = await ManagedGateway.StartAsync("token = \"0123456789abcdef\"");
        var folder = gateway.Gateway.Folder.Write("token", "0123456789abcdef\n").Write("wrong", "0123456789abcdeg\n");
        var url = $"http://127.0.0.1:{gateway.Gateway.ManagementPort}";
        Assert.Equal(0, (await CommandLine.RunAsync(folder, "reload", "-c", "FOLDER/none.toml", "--url", url, "--token-file", "FOLDER/token")).ExitCode);
        var run = await CommandLine.RunAsync(folder, "reload", "-c", "FOLDER/none.toml", "--url", url, "--token-file", "FOLDER/wrong");
        Assert.Equal((2, $"{url}/admin/: that is not the admin token; name the file of the token with --token-file FILE\n"), (run.ExitCode, run.Error));
        run = await CommandLine.RunAsync(folder, "reload", "-c", "FOLDER/none.toml", "--url", "ftp://user:planted@x");
        Assert.Equal((2, "'ftp://***@x' is no URL such as http://127.0.0.1:9090\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Health_TellsReadyFromDrainingAndGone()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        var folder = gateway.Gateway.Folder;
        Assert.Equal(new CommandLine(0, "ready\n", ""), await CommandLine.RunAsync(folder, "health", "-c", "FOLDER/config.toml"));
        await gateway.PostAsync("drain");
        Assert.Equal(new CommandLine(1, "draining\n", ""), await CommandLine.RunAsync(folder, "health", "-c", "FOLDER/config.toml"));
        Assert.Equal(new CommandLine(0, "alive\n", ""), await CommandLine.RunAsync(folder, "health", "--live", "-c", "FOLDER/config.toml"));
        await gateway.Gateway.Host.StopAsync(CancellationToken.None);
        var run = await CommandLine.RunAsync(folder, "health", "-c", "FOLDER/config.toml");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
    }

    /// <summary>A gateway that has its certificate from an authority of the house, and wants one of its operators.</summary>
    [Fact]
    public async Task Tls_OfTheHouse_NeedsItsAuthority_AndACertificateIsProof()
    {
        var (house, other) = (TestAuthority.Create("house"), TestAuthority.Create("other"));
        await using var gateway = await ReloadingGateway.StartAsync(g =>
        {
            Write(g, "server", house.Issue("server", "localhost"));
            Write(g, "ops", house.IssueFor("1.3.6.1.5.5.7.3.2", "ops"));
            g.Folder.Write("house.pem", house.Pem).Write("other.pem", other.Pem)
                .Write("config.toml", g.Managed("one", "admin_certificates = [\"CN=ops\"]").Replace(
                $"bind_port = {g.ManagementPort}",
                $"bind_port = {g.ManagementPort}\ncert_path = \"server.pem\"\nkey_path = \"server.key\"\nclient_ca_path = \"house.pem\"\nclient_auth = "
                    + $"\"request\"",
                StringComparison.Ordinal));
        });
        var url = $"https://localhost:{gateway.ManagementPort}/admin/";
        var missing = await RunAsync("health");
        Assert.Equal((2, ""), (missing.ExitCode, missing.Output));
        Assert.StartsWith($"{url}: ", missing.Error, StringComparison.Ordinal);
        Assert.EndsWith("; name the CA that issued the gateway's certificate with --ca FILE\n", missing.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("health", "--ca", "FOLDER/other.pem")).ExitCode);
        Assert.Equal(new CommandLine(0, "ready\n", ""), await RunAsync("health", "--ca", "FOLDER/house.pem"));

        gateway.Folder.Write("token", "wrong");
        Assert.Equal(2, (await RunAsync("reload", "--ca", "FOLDER/house.pem", "--token-file", "FOLDER/token")).ExitCode);
        Assert.Equal(0, (await RunAsync(
            "reload", "--ca", "FOLDER/house.pem", "--token-file", "FOLDER/token", "--cert", "FOLDER/ops.pem", "--key", "FOLDER/ops.key")).ExitCode);
        Assert.Equal(new CommandLine(2, "", "'ops.key' contains no token; a token is a single word\n"),
            await RunAsync("reload", "--ca", "FOLDER/house.pem", "--token-file", "FOLDER/ops.key"));

        foreach (var (arguments, expected) in new (string[], string)[]
        {
            (["--ca", "FOLDER/none.pem"], "cannot read 'none.pem': no such file\n"),
            (["--ca", "FOLDER/ops.key"], "'ops.key' contains no PEM certificate\n"),
            (["--key", "FOLDER/ops.key"], "--key needs --cert\n"),
            (["--cert", "FOLDER/ops.pem", "--key", "FOLDER/server.key"], "the key 'server.key' does not belong to the certificate 'ops.pem'\n"),
        })
        {
            var run = await RunAsync("health", arguments);
            Assert.Equal((2, expected), (run.ExitCode, run.Error));
        }

        Task<CommandLine> RunAsync(string command, params string[] more)
            => CommandLine.RunAsync(gateway.Folder, [command, "-c", "FOLDER/config.toml", "--url", url, .. more]);
    }

    [Fact]
    public async Task CheckAgainst_PrintsWhatWouldChangeThere()
    {
        await using var gateway = await ManagedGateway.StartAsync("token = \"0123456789abcdef\"");
        using var here = new ConfigFolder(gateway.Gateway.Managed("two", "token = \"0123456789abcdef-other\"")).Write("token", "0123456789abcdef")
            .Write("pipelines/new.toml", ReloadingGateway.Pipeline("new", "new"));
        var url = $"http://127.0.0.1:{gateway.Gateway.ManagementPort}/admin/";
        var run = await CommandLine.RunAsync(here, "check", "-c", "FOLDER/config.toml", "--against", url, "--token-file", "FOLDER/token");
        Assert.Equal(
            [
                "~ [endpoints.answer]", "-   options.path_prefix = \"/one\"", "+   options.path_prefix = \"/two\"",
                "~ [management]", "~   a value that is not shown",
                "+ [backends.new]", "+   service = \"echo\"",
                "+ [endpoints.new]", "+   service = \"http\"", "+   options.path_prefix = \"/new\"",
                "+ [pipelines.new]", "+   networks = [\"main\"]", "+   endpoints = [\"new\"]", "+   backends = [\"new\"]",
                $"{url} would accept this configuration",
            ],
            run.Lines);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));

        here.Write("pipelines/new.toml", "nonsense");
        run = await CommandLine.RunAsync(here, "check", "-c", "FOLDER/config.toml", "--against", url, "--token-file", "FOLDER/token");
        Assert.Equal((1, $"{url} would reject this configuration"), (run.ExitCode, run.Lines[^1]));
        Assert.StartsWith("pipelines/new.toml(1,", run.Lines[0], StringComparison.Ordinal);

        File.Delete(Path.Combine(here.Path, "pipelines/new.toml"));
        here.Write("config.toml", await File.ReadAllTextAsync(gateway.Gateway.Folder.Main));
        Assert.Equal(new CommandLine(0, $"nothing would change at {url}\n", ""),
            await CommandLine.RunAsync(here, "check", "-c", "FOLDER/config.toml", "--against", url, "--token-file", "FOLDER/token"));
    }

    private static void Write(ReloadingGateway gateway, string name, X509Certificate2 certificate)
        => gateway.Folder.Write(name + ".pem", certificate.ExportCertificatePem()).Write(name + ".key", TestAuthority.KeyOf(certificate));
}
