using System.Net;
using System.Text.Json.Nodes;
using Harmony.Gateway.Tests.Management;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Cli.Remote;

/// <summary>What an operator types at three in the morning.</summary>
public sealed class OperatorCommandsTests
{
    [Fact]
    public async Task Status_IsQuietWhileAllIsWell()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        var run = await RunAsync(gateway, "status");
        Assert.Equal((0, "no problems"), (run.ExitCode, run.Lines[^1]));
        Assert.Contains(": ready, harmony ", run.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_NamesTheTargetThatIsDown_SinceWhenAndWhy()
    {
        await using var gateway = await ManagedGateway.StartAsync(more: ManagedGateway.DeadPipeline(FreePort.Take()));
        Assert.Equal(0, (await RunAsync(gateway, "status")).ExitCode);
        Assert.Contains(" unknown ", (await RunAsync(gateway, "targets")).Output, StringComparison.Ordinal);
        for (var i = 0; i < 3; i++) await gateway.Gateway.GetAsync("/dead");
        var run = await RunAsync(gateway, "status");
        Assert.Equal(1, run.ExitCode);
        Assert.Matches("^  target 'dead' of backend 'dead' is down since 20.*Z: .+", run.Lines[^1]);
        var answer = JsonNode.Parse((await RunAsync(gateway, "targets", "--json")).Output)!["targets"]![0]!;
        Assert.Equal("down", $"{answer["state"]}");
        Assert.NotNull(answer["since"]);
        Assert.NotNull(answer["reason"]);
    }

    /// <summary>A target that answered and then died: what became of its requests is told, also after a reload.</summary>
    [Fact]
    public async Task Targets_TellCountsLatencyAndTheLastError_AcrossAReload()
    {
        var port = FreePort.Take();
        await using var gateway = await ManagedGateway.StartAsync(more: ManagedGateway.DeadPipeline(port));
        await using (await KestrelOrigin.StartAsync(_ => Task.CompletedTask, port))
        {
            for (var i = 0; i < 3; i++) await gateway.Gateway.GetAsync("/dead");
        }

        for (var i = 0; i < 2; i++) await gateway.Gateway.GetAsync("/dead"); // the first may meet a connection that has just been closed
        Assert.Equal(0, (await RunAsync(gateway, "reload")).ExitCode);
        var answer = JsonNode.Parse((await RunAsync(gateway, "targets", "--json")).Output)!["targets"]![0]!;
        Assert.Equal(3, (int)answer["answered"]!);
        Assert.InRange((int)answer["failed"]!, 1, 2);
        Assert.True((double)answer["latency_ms"]!["p95"]! >= (double)answer["latency_ms"]!["p50"]! && (double)answer["latency_ms"]!["last"]! > 0, $"{answer}");
        Assert.NotNull(answer["last_error_at"]);
        var table = (await RunAsync(gateway, "targets")).Output;
        Assert.Contains($"Z: {answer["last_error"]}", table, StringComparison.Ordinal);
        Assert.Contains($" {answer["latency_ms"]!["p50"]}/{answer["latency_ms"]!["p95"]} ", table, StringComparison.Ordinal);
        Assert.Contains($"{answer["last_error"]}", WebUtility.HtmlDecode(await gateway.Anybody.GetStringAsync("/")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_PrintsAgainUntilCtrlC()
    {
        await using var gateway = await ManagedGateway.StartAsync(more: ManagedGateway.DeadPipeline(FreePort.Take()));
        using var stop = new CancellationTokenSource();
        using var output = new LockedWriter();
        var run = CommandLine.RunAsync(gateway.Gateway.Folder, output, stop.Token, "targets", "--watch", "-c", "FOLDER/config.toml");
        await Guard.UntilAsync(() => output.Has(" unknown "));
        for (var i = 0; i < 3; i++) await gateway.Gateway.GetAsync("/dead");
        await Guard.UntilAsync(() => output.Has(" down "));
        await stop.CancelAsync();
        Assert.Equal(0, (await run).ExitCode);
    }

    [Fact]
    public async Task DrainAndEnable_SteerATarget()
    {
        await using var gateway = await ManagedGateway.StartAsync(more: ManagedGateway.DeadPipeline(FreePort.Take()));
        Assert.Contains(" drained ", (await RunAsync(gateway, "drain", "dead", "dead")).Output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync(gateway, "status")).ExitCode);
        Assert.DoesNotContain(" drained ", (await RunAsync(gateway, "enable", "dead")).Output, StringComparison.Ordinal);
        var run = await RunAsync(gateway, "drain", "dead", "nobody");
        Assert.Equal((2, "backend 'dead' has no target 'nobody'\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task HistoryAndRollback_BringAnEarlierVersionBack()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        gateway.Gateway.Folder.Write("config.toml", gateway.Gateway.Managed("two"));
        Assert.Equal(0, (await RunAsync(gateway, "reload")).ExitCode);
        var history = JsonNode.Parse((await RunAsync(gateway, "history", "--json")).Output)!["versions"]!.AsArray();
        Assert.Equal(2, history.Count);
        var run = await RunAsync(gateway, "rollback", $"{history[1]!["version"]}");
        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith($"rollback to version {history[1]!["version"]}", run.Lines[^1], StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.OK, await gateway.Gateway.GetAsync("/one"));
        Assert.Equal(2, (await RunAsync(gateway, "rollback", "99")).ExitCode);
    }

    [Fact]
    public async Task LogLevel_IsShownChangedAndTakenBack()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        var before = (await RunAsync(gateway, "log-level")).Output;
        Assert.Contains("debug", (await RunAsync(gateway, "log-level", "info,harmony.forward=debug")).Output, StringComparison.Ordinal);
        Assert.Equal(before, (await RunAsync(gateway, "log-level", "--reset")).Output);
        Assert.Equal(2, (await RunAsync(gateway, "log-level", "loud")).ExitCode);
    }

    [Fact]
    public async Task Routes_AreATable()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        Assert.Contains("/one and below", (await RunAsync(gateway, "routes")).Output, StringComparison.Ordinal);
    }

    private static Task<CommandLine> RunAsync(ManagedGateway gateway, params string[] words)
        => CommandLine.RunAsync(gateway.Gateway.Folder, [.. words, "-c", "FOLDER/config.toml"]);
}
