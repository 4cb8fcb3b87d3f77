using System.Net;
using Harmony.Core.Configuration;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Reloading;
using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Reloading;

/// <summary>The files on the disk broke while the gateway was down, or before: what ran last runs again.</summary>
public sealed class LastGoodTests
{
    /// <summary>What happens to files: a mistake, a file cut short, one that is empty, one that is gone, garbage.</summary>
    public static TheoryData<string, string?> Breaks => new()
    {
        { "config.toml", "[proxy]\nname = \"test\"\nnot toml\n" },
        { "config.toml", "" },
        { "config.toml", null },
        { "config.toml", "\0\0\0\0\0\0" },
        { "pipelines/two.toml", "[pipelines.two]\nnetworks = [\"mian\"]\n" },
        { "pipelines/more.toml", "[pipelines.more\n" },
    };

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task BrokenFile_LastGoodRuns_AndTheMendedFileIsTakenUp(string file, string? content)
    {
        await using var gateway = await ReloadingGateway.StartAsync(("pipelines/two.toml", ReloadingGateway.Pipeline("two", "two")));
        LastGoodNote(gateway);
        var before = File.Exists(gateway.PathOf(file)) ? await File.ReadAllTextAsync(gateway.PathOf(file)) : null;
        await gateway.EndAsync();
        Put(gateway, file, content);

        var (none, problems) = await StartAsync(gateway, orLastGood: false);
        Assert.Null(none);
        Assert.True(problems.HasErrors);
        var (host, _) = await StartAsync(gateway, orLastGood: true);
        await using (host)
        {
            Assert.Equal((1, false, true), (host!.Reloader.Status.Version, host.Reloader.Status.LastSucceeded, host.Reloader.Status.RunsFromHistory));
            Assert.Contains(host.Reloader.Status.LastProblems, p => p.Severity == ConfigSeverity.Error);
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await gateway.GetAsync("/one"), await gateway.GetAsync("/two")));

            // What the files say counts again as soon as they load.
            var mended = new MendedFiles();
            host.Reloader.Observe(mended);
            Put(gateway, file, before);
            if (file == "config.toml") gateway.Folder.Write(file, gateway.Config("three"));
            Assert.False((await mended.WaitAsync()).RunsFromHistory);
            if (file == "config.toml") Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/three"));
        }
    }

    /// <summary>An address that is taken is no mistake in a file, and an older version must not run instead of what somebody wrote.</summary>
    [Fact]
    public async Task FilesAreWhatRanLast_NothingElseIsStarted()
    {
        await using var gateway = await ReloadingGateway.StartAsync();
        var (host, problems) = await StartAsync(gateway, orLastGood: true);
        Assert.Null(host);
        Assert.Contains(problems, p => p.Message.Contains("the address is in use", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NoHistory_SaysWhatIsWrong()
    {
        using var folder = new ConfigFolder(ConfigFolder.WithUnknownReference
            + $"[storage.options]\npath = '{Path.GetTempPath()}harmony-none-{Guid.NewGuid()}'\n");
        var run = await CommandLine.RunAsync(folder, "run", "--last-good", "-c", "FOLDER/config.toml");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("did you mean 'clinic'?", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("the gateway was not started", run.ErrorLines[^1], StringComparison.Ordinal);
    }

    /// <summary>systemd makes <c>/etc</c> read-only, containers mount configurations so: the version runs all the same.</summary>
    [Fact]
    public async Task Rollback_WhereFilesCannotBeWritten_RunsUntilAFileChanges()
    {
        // Tests may run as root, whom no permission stops: what is written first has a longer name, which no file system takes.
        var file = $"pipelines/{new string('p', 248)}.toml";
        await using var gateway = await ReloadingGateway.StartAsync((file, ReloadingGateway.Pipeline("first", "p")));
        gateway.Folder.Write(file, ReloadingGateway.Pipeline("second", "p"));
        await gateway.NextAttemptAsync();
        var status = await gateway.Reloader.RollbackAsync(1);
        Assert.Equal((true, 3, true), (status.LastSucceeded, status.Version, status.RunsFromHistory));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (await gateway.GetAsync("/first"), await gateway.GetAsync("/second")));
        Assert.Contains("\"/second\"", await File.ReadAllTextAsync(gateway.PathOf(file)), StringComparison.Ordinal);
        await gateway.NextAttemptAsync();

        gateway.Folder.Write(file, ReloadingGateway.Pipeline("fourth", "p"));
        Assert.False((await gateway.NextAttemptAsync()).RunsFromHistory);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (await gateway.GetAsync("/fourth"), await gateway.GetAsync("/first")));
    }

    /// <summary>The note that <c>--last-good</c> leaves: the main file may not say any more where its history is.</summary>
    private static void LastGoodNote(ReloadingGateway gateway) => Gateway.Reloading.History.LastGood.Note(gateway.Host.Snapshot.Config);

    private static void Put(ReloadingGateway gateway, string file, string? content)
    {
        if (content is null) File.Delete(gateway.PathOf(file));
        else gateway.Folder.Write(file, content);
    }

    private static async Task<(GatewayHost? Host, ConfigProblems Problems)> StartAsync(ReloadingGateway gateway, bool orLastGood)
    {
        var builder = new GatewayBuilder(_ => null, TimeProvider.System);
        return (await builder.StartAsync(gateway.Folder.Main, Guard.Token, orLastGood), builder.Problems);
    }

    /// <summary>Hears of the first attempt that succeeds.</summary>
    private sealed class MendedFiles : IReloadObserver
    {
        private readonly TaskCompletionSource<ReloadStatus> _succeeded = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<ReloadStatus> WaitAsync() => _succeeded.Task.WaitAsync(Guard.Token);

        public void Attempting()
        {
        }

        public void Attempted(ReloadStatus status)
        {
            if (status.LastSucceeded) _succeeded.TrySetResult(status);
        }
    }
}
