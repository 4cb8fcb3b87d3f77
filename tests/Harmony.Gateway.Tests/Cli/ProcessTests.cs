using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Gateway.Tests.Cli;

/// <summary>The program in a process of its own: signals, exit codes, start-up.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Version_IsQuick()
    {
        await HarmonyProcess.RunAsync(Path.GetTempPath(), "--version"); // files come from the disk the first time
        await Pace.AssertWithinAsync(TimeSpan.FromSeconds(5), async () => // 0.1 s on an idle machine
        {
            var run = await HarmonyProcess.RunAsync(Path.GetTempPath(), "--version");
            Assert.Equal((0, ""), (run.ExitCode, run.Error));
            Assert.StartsWith("harmony ", run.Output, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Help_CallsItselfHarmony()
    {
        var run = await HarmonyProcess.RunAsync(Path.GetTempPath(), "--help");
        Assert.Contains("  harmony [command] [options]", run.Lines);
    }

    [Fact]
    public async Task NoConfigurationHere_UsesTheShippedOne()
    {
        using var folder = new TestFolder();
        var run = await HarmonyProcess.RunAsync(folder.Path, "check");
        Assert.Equal((0, 1, true), (run.ExitCode, run.Lines.Count, run.Output.EndsWith("config/config.toml: no problems\n", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Explain_Redirected_HasNoColoursAndNoBreaks()
    {
        using var folder = new ConfigFolder(ConfigFolder.Good.Replace("[pipelines.api]", $"[pipelines.api]\ndescription = \"{new string('x', 300)}\""));
        var run = await HarmonyProcess.RunAsync(folder.Path, "explain", "-c", "config.toml");
        Assert.Contains($"    └── pipeline 'api': {new string('x', 300)}", run.Lines);
        Assert.DoesNotContain('\e', run.Output);
        Assert.All(run.Lines, line => Assert.Equal(line.TrimEnd(), line));
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public async Task Signal_DrainsARunningRequestAndEnds(PosixSignal signal)
    {
        await using var slow = SlowRequest.Create();
        await using var gateway = HarmonyProcess.Start(slow.Folder.Path, "run", "-c", "config.toml");
        await gateway.WaitForAsync("Press Ctrl-C");
        var response = slow.SendAsync();
        await slow.Arrived;
        gateway.Signal(signal);
        await gateway.WaitForAsync("stopping");
        slow.Release();
        Assert.Equal(HttpStatusCode.OK, (await response).StatusCode);
        Assert.Equal(0, await gateway.WaitForExitAsync());
    }

    [PeerFact("bash")]
    public async Task Output_ThatCannotBeWritten_EndsNoGateway()
    {
        var port = FreePort.Take();
        using var folder = new ConfigFolder(ConfigFolder.Good.Replace("8080", $"{port}"));
        var program = Path.Combine(AppContext.BaseDirectory, "harmony.dll");
        var start = new ProcessStartInfo("bash", ["-c", $"exec dotnet '{program}' run -c config.toml >/dev/full 2>&1"]) { WorkingDirectory = folder.Path };
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        using var process = Process.Start(start)!;
        try
        {
            await Guard.UntilAsync(() => process.HasExited || Listens(port));
            using var client = TestClient.Http1(new Uri($"http://127.0.0.1:{port}"));
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api")).StatusCode);
            await Programs.RunAsync(new ProcessStartInfo("bash", ["-c", $"kill -TERM {process.Id}"]));
            await process.WaitForExitAsync(Guard.Token);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            await process.EndAsync();
        }

        static bool Listens(int port)
        {
            using var client = new TcpClient();
            try
            {
                client.Connect(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Hangup_Reloads()
    {
        await using var slow = SlowRequest.Create();
        await using var gateway = HarmonyProcess.Start(slow.Folder.Path, "run", "-c", "config.toml");
        await gateway.WaitForAsync("Press Ctrl-C");
        gateway.Signal(PosixSignal.SIGHUP);
        await gateway.WaitForAsync("version 1 of the configuration runs (SIGHUP)");
        gateway.Signal(PosixSignal.SIGTERM);
        Assert.Equal(0, await gateway.WaitForExitAsync());
    }

    [Fact]
    public async Task SecondSignal_EndsAtOnce()
    {
        await using var slow = SlowRequest.Create(drainsFor: 3600);
        await using var gateway = HarmonyProcess.Start(slow.Folder.Path, "--config", "config.toml");
        await gateway.WaitForAsync("Press Ctrl-C");
        var response = slow.SendAsync();
        await slow.Arrived;
        gateway.Signal(PosixSignal.SIGTERM);
        await gateway.WaitForAsync("stopping");
        gateway.Signal(PosixSignal.SIGTERM);
        Assert.Equal(0, await gateway.WaitForExitAsync());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response);
    }
}
