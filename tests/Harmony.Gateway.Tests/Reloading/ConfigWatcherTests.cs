using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Harmony.Gateway.Reloading;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Reloading;

/// <summary>Everything that editors, deployments and Kubernetes do to files.</summary>
public sealed class ConfigWatcherTests
{
    [Fact]
    public async Task NewFile_ThenDeleted_ComesAndGoes()
    {
        await using var gateway = await ReloadingGateway.StartAsync();
        gateway.Folder.Write("pipelines/new.toml", ReloadingGateway.Pipeline("new", "new")); // the folder is new too
        Assert.True((await gateway.NextAttemptAsync()).LastSucceeded);
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/new"));
        File.Delete(gateway.PathOf("pipelines/new.toml"));
        Assert.True((await gateway.NextAttemptAsync()).LastSucceeded);
        Assert.Equal(HttpStatusCode.NotFound, await gateway.GetAsync("/new"));
    }

    [Fact]
    public async Task FileRenamed_IsReadWhenItHasTheRightName()
    {
        await using var gateway = await ReloadingGateway.StartAsync(("pipelines/later.toml.off", ReloadingGateway.Pipeline("later", "later")));
        Assert.Equal(HttpStatusCode.NotFound, await gateway.GetAsync("/later"));
        File.Move(gateway.PathOf("pipelines/later.toml.off"), gateway.PathOf("pipelines/later.toml"));
        Assert.True((await gateway.NextAttemptAsync()).LastSucceeded);
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/later"));
    }

    /// <summary>As <c>sed -i</c>, vim and configuration management do it; here with the same length and time of writing.</summary>
    [Fact]
    public async Task RenameOver_SameLengthAndTime_IsSeen()
    {
        await using var gateway = await ReloadingGateway.StartAsync();
        var written = File.GetLastWriteTimeUtc(gateway.Folder.Main);
        gateway.Folder.Write("next", gateway.Config("two"));
        File.SetLastWriteTimeUtc(gateway.PathOf("next"), written);
        File.Move(gateway.PathOf("next"), gateway.Folder.Main, overwrite: true);
        Assert.True((await gateway.NextAttemptAsync()).LastSucceeded);
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/two"));
    }

    [Fact]
    public async Task FilesOfEditors_AreNoReason_AndTheFileIs()
    {
        await using var gateway = await ReloadingGateway.StartAsync(("pipelines/a.toml", ReloadingGateway.Pipeline("a", "a")));
        foreach (var name in new[] { "pipelines/.a.toml.swp", "pipelines/a.toml~", "pipelines/4913", "pipelines/.#a.toml", "pipelines/#a.toml#",
            "config.toml.swp" })
        {
            gateway.Folder.Write(name, "this is [no TOML");
        }

        // The first attempt is that of the file itself, and it finds nothing wrong.
        gateway.Folder.Write("pipelines/a.toml", ReloadingGateway.Pipeline("b", "a"));
        var attempt = await gateway.NextAttemptAsync();
        Assert.Equal((true, 2, "files changed"), (attempt.LastSucceeded, attempt.Version, attempt.LastReason));
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/b"));
    }

    [Fact]
    public async Task KubernetesSwapsItsLink_IsSeen()
    {
        await using var gateway = await ReloadingGateway.StartAsync(g =>
        {
            // config.toml -> ..data/config.toml, ..data -> ..1: an update makes ..2 and moves another link over ..data.
            g.Folder.Write("..1/config.toml", g.Config("one")).Write("..2/config.toml", g.Config("two"));
            File.Delete(g.Folder.Main);
            File.CreateSymbolicLink(g.PathOf("..data"), "..1");
            File.CreateSymbolicLink(g.Folder.Main, "..data/config.toml");
        });
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/one"));
        File.CreateSymbolicLink(gateway.PathOf("..data_tmp"), "..2");
        // One rename(2), which .NET does not offer for links to folders.
        using var move = Process.Start("mv", ["-T", gateway.PathOf("..data_tmp"), gateway.PathOf("..data")]);
        await move.WaitForExitAsync(Guard.Token);
        Assert.True((await gateway.NextAttemptAsync()).LastSucceeded);
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/two"));
    }

    [Fact]
    public async Task TenWritesInAMoment_AreOneReload()
    {
        await using var gateway = await ReloadingGateway.StartAsync();
        for (var (round, version) = (0, 1); ; round++)
        {
            var writing = Stopwatch.StartNew();
            for (var i = 0; i < 10; i++) await File.WriteAllTextAsync(gateway.Folder.Main, gateway.Config($"write{round}{i}")); // in place
            var isOneMoment = writing.Elapsed < ConfigWatcher.Quiet;
            var attempt = await gateway.NextAttemptAsync();
            if (isOneMoment)
            {
                Assert.Equal((true, version + 1, 0), (attempt.LastSucceeded, attempt.Version, gateway.UnseenAttempts));
                Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync($"/write{round}9"));
                return;
            }

            // A busy machine made pauses between them.
            while (await gateway.GetAsync($"/write{round}9") != HttpStatusCode.OK) attempt = await gateway.NextAttemptAsync();
            version = attempt.Version;
        }
    }

    [Fact]
    public async Task BadThenGood_KeepsServingAndRecovers()
    {
        await using var gateway = await ReloadingGateway.StartAsync();
        gateway.Folder.Write("config.toml", gateway.Config("two") + "\n[backends.answer]\n");
        var bad = await gateway.NextAttemptAsync();
        Assert.Equal((false, 1), (bad.LastSucceeded, bad.Version));
        Assert.Contains(bad.LastProblems, p => p.ToString().Contains("config.toml(", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/one"));

        File.Delete(gateway.Folder.Main);
        Assert.False((await gateway.NextAttemptAsync()).LastSucceeded);
        gateway.Folder.Write("config.toml", gateway.Config("three"));
        var good = await gateway.NextAttemptAsync();
        Assert.Equal((true, 2), (good.LastSucceeded, good.Version));
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/three"));
    }

    /// <summary>Whatever modules read, a change of it is one of the configuration.</summary>
    [Fact]
    public async Task EveryFileThatModulesRead_IsASource()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var gateway = await ReloadingGateway.StartAsync(g =>
        {
            TestCertificate.Write(g.PathOf("tls/a.pem"), g.PathOf("tls/a.key"));
            TestCertificate.Write(g.PathOf("tls/ca.pem"), g.PathOf("tls/ca.key"));
            g.Folder.Write("users", "ann:$pbkdf2-sha256$i=600000$jqeffu6kl83QHwo3ZbrS4w$t2/m2IZJe5jItZchYdWEiej7AQhuMW0Zwruq2F7YNUs\n");
            g.Folder.Write("keys", "partner:0123456789abcdef0123456789abcdef\n").Write("token", "0123456789abcdef\n");
            g.Folder.Write("issuer.pem", key.ExportSubjectPublicKeyInfoPem()).Write("schema.json", "{}").Write("transforms/spec.json", """[{ "operation": "shift", "spec": { "*": "&" } }]""");
            g.Folder.Write("config.toml", g.Config("one", more: Readers.Replace("SECUREPORT", $"{FreePort.Take()}", StringComparison.Ordinal)));
        });
        var sources = gateway.Host.Snapshot.Config.Sources;
        foreach (var name in new[] { "tls/a.pem", "tls/a.key", "tls/ca.pem", "users", "keys", "token", "issuer.pem", "schema.json", "transforms/spec.json" })
        {
            await File.AppendAllTextAsync(gateway.PathOf(name), "\n");
            Assert.Contains(gateway.PathOf(name), sources.Changed(thoroughly: true));
        }
    }

    private const string Readers = """
        [network.secure.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = SECUREPORT
        cert_path = "tls/a.pem"
        key_path = "tls/a.key"
        client_ca_path = "tls/ca.pem"
        [pipelines.readers]
        networks = ["main"]
        path = "/readers"
        middleware = ["basic", "key", "jwt", "schema", "transform"]
        backend_ref = "forward"
        [middleware.basic]
        type = "basic_auth"
        authentication = "users"
        options.optional = true
        [authentications.users]
        method = "basic"
        options.users_file = "users"
        [middleware.key]
        type = "api_key"
        options.keys_file = "keys"
        options.optional = true
        [middleware.jwt]
        type = "jwt_auth"
        options.public_key_path = "issuer.pem"
        options.algorithms = ["ES256"]
        [middleware.schema]
        type = "schema"
        options.schema_path = "schema.json"
        [middleware.transform]
        type = "transform"
        options.spec_path = "spec.json"
        [backends.forward]
        service = "http"
        authentication = "forward"
        options.base_url = "http://127.0.0.1:9"
        [authentications.forward]
        method = "bearer"
        options.credentials_path = "token"
        """;

    /// <summary>A file that the configuration names and that was not there: making it is enough.</summary>
    [Fact]
    public async Task FileThatIsNamed_IsWatchedToo()
    {
        await using var gateway = await ReloadingGateway.StartAsync();
        gateway.Folder.Write("config.toml",
            gateway.Config("one", more: "options.headers.X-Key = '${file:secrets/key}'")
            .Replace("\"echo\"", "\"http\"\noptions.base_url = \"http://127.0.0.1:9\"", StringComparison.Ordinal));
        Assert.False((await gateway.NextAttemptAsync()).LastSucceeded);
        gateway.Folder.Write("secrets/key", "secret");
        Assert.True((await gateway.NextAttemptAsync()).LastSucceeded);
        gateway.Folder.Write("secrets/key", "another");
        Assert.True((await gateway.NextAttemptAsync()).LastSucceeded);
    }
}
