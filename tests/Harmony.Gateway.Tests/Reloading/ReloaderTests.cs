using System.Net;
using System.Net.Sockets;
using Harmony.Testing;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Tests.Reloading;

public sealed class ReloaderTests
{
    /// <summary>The other network's connection stays open, and an upload ends on the configuration that it began with.</summary>
    [Fact]
    public async Task PortMoved_NewAnswersAndOthersAreUntouched()
    {
        var (moved, otherPort) = (FreePort.Take(), FreePort.Take());
        await using var gateway = await ReloadingGateway.StartAsync();
        var other = $"[network.other.tcp_config]\nbind_address = \"127.0.0.1\"\nbind_port = {otherPort}\n";
        string Both(string prefix, int? port = null) => gateway.Config(prefix, port, other)
            .Replace("networks = [\"main\"]", "networks = [\"main\", \"other\"]", StringComparison.Ordinal);
        await File.WriteAllTextAsync(gateway.Folder.Main, Both("one"));
        Assert.True((await gateway.Reloader.ReloadAsync("test")).LastSucceeded);

        using var kept = await RawConnection.OpenAsync(new IPEndPoint(IPAddress.Loopback, otherPort));
        Assert.Equal(200, await AskAsync(kept, "/one"));
        using var upload = await RawConnection.OpenAsync(new IPEndPoint(IPAddress.Loopback, gateway.Port));
        await upload.WriteAsync("POST /one HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");

        // The upload must be inside, or the listener would close on it before it began.
        await Guard.UntilAsync(() => gateway.Host.InFlight > 0);
        await File.WriteAllTextAsync(gateway.Folder.Main, Both("two", moved));
        Assert.True((await gateway.Reloader.ReloadAsync("test")).LastSucceeded);
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/two", moved));
        Assert.Equal(200, await AskAsync(kept, "/two"));
        Assert.Equal(1, gateway.Host.Draining);

        await upload.WriteAsync("cd");
        Assert.Equal(200, (await RawAnswer.ReadAsync(upload, "POST")).Status);
        await Guard.UntilAsync(() => gateway.Host.Draining == 0);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => gateway.GetAsync("/two"));
    }

    /// <summary>Whoever copies a file slowly empties it first: its pipelines are not taken away by that.</summary>
    [Fact]
    public async Task PipelineFile_ThatIsEmptied_KeepsWhatRuns_UntilItIsFilledOrDeleted()
    {
        await using var gateway = await ReloadingGateway.StartAsync(g =>
        {
            g.Folder.Write("config.toml", g.Config("one"));
            g.Folder.Write("pipelines/more.toml", "[pipelines.more]\nnetworks = [\"main\"]\npath = \"/more\"\nbackend_ref = \"answer\"\n");
        });
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/more"));
        var file = gateway.PathOf("pipelines/more.toml");
        await File.WriteAllTextAsync(file, "");
        var status = await gateway.Reloader.ReloadAsync("test");
        Assert.False(status.LastSucceeded);
        Assert.StartsWith("the file is empty, and was not before", Assert.Single(status.LastProblems).Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/more"));

        await File.WriteAllTextAsync(file, "# switched off\n");
        Assert.True((await gateway.Reloader.ReloadAsync("test")).LastSucceeded);
        Assert.Equal(HttpStatusCode.NotFound, await gateway.GetAsync("/more"));
        await File.WriteAllTextAsync(file, "");
        Assert.True((await gateway.Reloader.ReloadAsync("test")).LastSucceeded);
    }

    /// <summary>The listener looks after the files itself; the configuration that names a broken one is not taken, and says so.</summary>
    [Fact]
    public async Task CertificateBroken_OldIsShownAndTheReloadSaysWhy()
    {
        await using var gateway = await ReloadingGateway.StartAsync(g =>
        {
            TestCertificate.Write(g.PathOf("a.pem"), g.PathOf("a.key"));
            g.Folder.Write("config.toml",
                g.Config("one").Replace("bind_port", "cert_path = \"a.pem\"\nkey_path = \"a.key\"\nbind_port", StringComparison.Ordinal));
        });
        gateway.Folder.Write("a.pem", "broken");
        var status = await gateway.NextAttemptAsync();
        Assert.Equal((false, "'a.pem' contains no PEM certificate; network 'main' stays closed"),
            (status.LastSucceeded, Assert.Single(status.LastProblems).Message));
        using (var client = await TlsPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, gateway.Port), "localhost"))
        {
            Assert.StartsWith("HTTP/1.1 200", await client.GetAsync(path: "/one"), StringComparison.Ordinal);
        }

        TestCertificate.Write(gateway.PathOf("a.pem"), gateway.PathOf("a.key"));
        Assert.True((await gateway.NextAttemptAsync()).LastSucceeded);
    }

    /// <summary>A gateway may start with what is missing; a reload does not close by it what serves, but does not mind what was missing before.</summary>
    [Fact]
    public async Task TargetGone_RejectsIt_UnlessItWasGoneBefore()
    {
        const string Serving = "[backends.answer]\nservice = \"echo\"";
        const string Lost = "[backends.answer]\nservice = \"http\"\ntarget_ref = \"gone\"";
        await using var gateway = await ReloadingGateway.StartAsync();
        await File.WriteAllTextAsync(gateway.Folder.Main, gateway.Config("one").Replace(Serving, Lost, StringComparison.Ordinal));
        var status = await gateway.Reloader.ReloadAsync("test");
        Assert.Equal((false, HttpStatusCode.OK), (status.LastSucceeded, await gateway.GetAsync("/one")));
        Assert.StartsWith("target 'gone' is not defined", Assert.Single(status.LastProblems).Message, StringComparison.Ordinal);

        await using var lacking = await ReloadingGateway.StartAsync(g => g.Folder.Write("config.toml",
            g.Config("one").Replace(Serving, Lost, StringComparison.Ordinal)));
        await File.WriteAllTextAsync(lacking.Folder.Main, lacking.Config("two").Replace(Serving, Lost, StringComparison.Ordinal));
        Assert.True((await lacking.Reloader.ReloadAsync("test")).LastSucceeded);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await lacking.GetAsync("/two"));
    }

    [Fact]
    public async Task PortTaken_RejectsAllOfIt()
    {
        await using var gateway = await ReloadingGateway.StartAsync();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var (free, port) = (FreePort.Take(), ((IPEndPoint)taken.LocalEndpoint).Port);
        var networks = $"[network.a.tcp_config]\nbind_address = \"127.0.0.1\"\nbind_port = {free}\n[network.b.tcp_config]\nbind_address = "
            + $"\"127.0.0.1\"\nbind_port = {port}\n";
        await File.WriteAllTextAsync(
            gateway.Folder.Main, gateway.Config("two", more: networks)
            .Replace("networks = [\"main\"]", "networks = [\"main\", \"a\", \"b\"]", StringComparison.Ordinal));
        var status = await gateway.Reloader.ReloadAsync("test");
        Assert.False(status.LastSucceeded);
        Assert.Contains($"cannot listen on 127.0.0.1:{port}", Assert.Single(status.LastProblems).Message, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, 1), (await gateway.GetAsync("/one"), gateway.Host.Listeners.Count));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => gateway.GetAsync("/two", free));
    }

    /// <summary>Two cannot have one address, so the old listener leaves it first.</summary>
    [Fact]
    public async Task SamePort_OtherBinding_IsOpenedAgain()
    {
        await using var gateway = await ReloadingGateway.StartAsync();
        await File.WriteAllTextAsync(gateway.Folder.Main, gateway.Config("one").Replace("bind_port", "h2c = true\nbind_port", StringComparison.Ordinal));
        Assert.True((await gateway.Reloader.ReloadAsync("test")).LastSucceeded);
        using var client = TestClient.Http2(new Uri($"http://127.0.0.1:{gateway.Port}"));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/one")).StatusCode);
    }

    /// <summary>Somebody on 127.0.0.2 keeps 0.0.0.0 from being bound, which is found out only after 127.0.0.1 has been left.</summary>
    [Fact]
    public async Task SamePort_NewBindingFails_OldOneComesBack()
    {
        await using var gateway = await ReloadingGateway.StartAsync();
        using var taken = new TcpListener(IPAddress.Parse("127.0.0.2"), gateway.Port);
        taken.Start();
        await File.WriteAllTextAsync(gateway.Folder.Main,
            gateway.Config("two").Replace("bind_address = \"127.0.0.1\"", "bind_address = \"0.0.0.0\"", StringComparison.Ordinal));
        var status = await gateway.Reloader.ReloadAsync("test");
        Assert.False(status.LastSucceeded);
        Assert.Contains($"cannot listen on 0.0.0.0:{gateway.Port}", Assert.Single(status.LastProblems).Message, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, 1), (await gateway.GetAsync("/one"), gateway.Host.Listeners.Count));
    }

    /// <summary>Somebody writes in place: the file is empty when it is read, and whole when the reading ends. The pipeline is never missed.</summary>
    [Fact]
    public async Task FileFilledWhileOthersAreRead_IsReadAgain()
    {
        await using var gateway = await ReloadingGateway.StartAsync(("pipelines/a.toml", ReloadingGateway.Pipeline("a", "a")));
        var filled = 0;
        gateway.Environment = name =>
        {
            if (name == "HOOK" && Interlocked.Exchange(ref filled, 1) == 0) gateway.Folder.Write("pipelines/a.toml", ReloadingGateway.Pipeline("a", "a"));
            return null;
        };
        gateway.Folder.Write("pipelines/a.toml", "").Write("pipelines/z.toml", ReloadingGateway.Pipeline("${HOOK:-z}", "z"));
        Assert.True((await gateway.Reloader.ReloadAsync("test")).LastSucceeded);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await gateway.GetAsync("/a"), await gateway.GetAsync("/z")));
    }

    [Fact]
    public async Task ManyAtOnce_AreFew()
    {
        await using var gateway = await ReloadingGateway.StartAsync();
        var all = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => gateway.Reloader.ReloadAsync($"{i}")));
        Assert.All(all, s => Assert.True(s.LastSucceeded));
        Assert.InRange(gateway.UnseenAttempts, 1, 3);
        Assert.Equal(1, gateway.Reloader.Status.Version); // nothing has changed
    }

    [Fact]
    public async Task LogLevel_FollowsTheFile()
    {
        await using var gateway = await ReloadingGateway.StartAsync();
        Assert.Equal(LogLevel.Information, gateway.Host.LogLevels.LevelFor("harmony"));
        await File.WriteAllTextAsync(gateway.Folder.Main, gateway.Config("one", more: "[logging]\nlog_level = \"warn\""));
        Assert.True((await gateway.Reloader.ReloadAsync("test")).LastSucceeded);
        Assert.Equal(LogLevel.Warning, gateway.Host.LogLevels.LevelFor("harmony"));
    }

    [Fact]
    public async Task Rollback_PutsFilesBackAndAppliesThem()
    {
        await using var gateway = await ReloadingGateway.StartAsync(("pipelines/a.toml", ReloadingGateway.Pipeline("a", "a")));
        var first = await File.ReadAllTextAsync(gateway.Folder.Main);
        File.Delete(gateway.PathOf("pipelines/a.toml"));
        gateway.Folder.Write("config.toml", gateway.Config("two")).Write("pipelines/b.toml", ReloadingGateway.Pipeline("b", "b"));
        Assert.Equal(2, (await gateway.Reloader.ReloadAsync("test")).Version);
        gateway.Folder.Write("config.toml", "not applied, and in nobody's way");

        var status = await gateway.Reloader.RollbackAsync(1);
        Assert.Equal((true, 3, "rollback to version 1"), (status.LastSucceeded, status.Version, status.LastReason));
        Assert.Equal(first, await File.ReadAllTextAsync(gateway.Folder.Main));
        Assert.Equal((true, false), (File.Exists(gateway.PathOf("pipelines/a.toml")), File.Exists(gateway.PathOf("pipelines/b.toml"))));
        Assert.Equal("not applied, and in nobody's way", await File.ReadAllTextAsync(gateway.Folder.Main + ".unapplied~"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NotFound),
            (await gateway.GetAsync("/one"), await gateway.GetAsync("/a"), await gateway.GetAsync("/b")));
        Assert.Equal([3, 2, 1], gateway.Reloader.History.List().Select(v => v.Version));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => gateway.Reloader.RollbackAsync(9));
    }

    /// <summary>Version 1 needs a file that is gone since; its own files are put back as they were before the attempt.</summary>
    [Fact]
    public async Task Rollback_ToWhatDoesNotLoad_LeavesEverything()
    {
        await using var gateway = await ReloadingGateway.StartAsync(g => g.Folder
            .Write("config.toml", g.Config("one", more: "[extensions.x]\nkey = '${file:secret}'"))
            .Write("secret", "s"));
        gateway.Folder.Write("config.toml", gateway.Config("two"));
        Assert.True((await gateway.Reloader.ReloadAsync("test")).LastSucceeded);
        File.Delete(gateway.PathOf("secret"));
        var status = await gateway.Reloader.RollbackAsync(1);
        Assert.Equal((false, 2), (status.LastSucceeded, status.Version));
        Assert.Equal(gateway.Config("two"), await File.ReadAllTextAsync(gateway.Folder.Main));
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/two"));
    }

    private static async Task<int> AskAsync(RawConnection connection, string path)
    {
        await connection.WriteAsync($"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");
        return (await RawAnswer.ReadAsync(connection, "GET")).Status;
    }
}
