using System.Diagnostics;
using System.Net;

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
        foreach (var name in new[] { "pipelines/.a.toml.swp", "pipelines/a.toml~", "pipelines/4913", "pipelines/.#a.toml", "pipelines/#a.toml#", "config.toml.swp" })
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
        await move.WaitForExitAsync();
        Assert.True((await gateway.NextAttemptAsync()).LastSucceeded);
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/two"));
    }

    [Fact]
    public async Task TenWritesInAMoment_AreOneReload()
    {
        await using var gateway = await ReloadingGateway.StartAsync();
        for (var i = 0; i < 10; i++) gateway.Folder.Write("config.toml", gateway.Config($"write{i}"));
        var attempt = await gateway.NextAttemptAsync();
        Assert.Equal((true, 2, 0), (attempt.LastSucceeded, attempt.Version, gateway.UnseenAttempts));
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/write9"));
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

    /// <summary>A file that the configuration names and that was not there: making it is enough.</summary>
    [Fact]
    public async Task FileThatIsNamed_IsWatchedToo()
    {
        await using var gateway = await ReloadingGateway.StartAsync();
        gateway.Folder.Write("config.toml", gateway.Config("one", more: "options.headers.X-Key = '${file:secrets/key}'").Replace("\"echo\"", "\"http\"\noptions.base_url = \"http://127.0.0.1:9\"", StringComparison.Ordinal));
        Assert.False((await gateway.NextAttemptAsync()).LastSucceeded);
        gateway.Folder.Write("secrets/key", "secret");
        Assert.True((await gateway.NextAttemptAsync()).LastSucceeded);
        gateway.Folder.Write("secrets/key", "another");
        Assert.True((await gateway.NextAttemptAsync()).LastSucceeded);
    }
}
