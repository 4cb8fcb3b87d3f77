using System.Net;
using System.Runtime.InteropServices;
using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Hosting;

/// <summary>SIGTERM while many are asking: the program in a process of its own, as systemd and Kubernetes end it.</summary>
[Collection("alone")]
public sealed class DrainTests
{
    private const int Clients = 16;

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Sigterm_UnderLoad_NotReadyFirst_NothingAcceptedFails_ExitsInTime()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        var (port, managementPort) = (FreePort.Take(), FreePort.Take());
        using var folder = new ConfigFolder(ConfigFolder.Good
            .Replace("8080", $"{port}", StringComparison.Ordinal)
            .Replace("primary_provider = \"local\"", "primary_provider = \"local\"\ndrain_delay_secs = 5\nshutdown_timeout_secs = 30", StringComparison.Ordinal)
            .Replace("service = \"echo\"", $"service = \"http\"\noptions.base_url = \"{origin.Url}\"", StringComparison.Ordinal)
            + $"[management]\nenabled = true\nnetwork = \"ops\"\n[network.ops.tcp_config]\nbind_address = \"127.0.0.1\"\nbind_port = "
                + $"{managementPort}\n[logging]\nlog_level = \"info\"\n");
        await using var gateway = HarmonyProcess.Start(folder.Path, "run", "-c", "config.toml");
        await gateway.WaitForAsync("Press Ctrl-C");
        using var ops = TestClient.Http1(new Uri($"http://127.0.0.1:{managementPort}"));
        Assert.Equal(HttpStatusCode.OK, await ReadinessAsync(ops));

        var answered = 0;
        var load = Enumerable.Range(0, Clients).Select(_ => AskAsync(port, () => Interlocked.Increment(ref answered))).ToList();
        await Guard.UntilAsync(() => Volatile.Read(ref answered) >= 200);
        gateway.Signal(PosixSignal.SIGTERM);
        await gateway.WaitForAsync("draining: the gateway reports 'not ready'");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadinessAsync(ops));
        // Whoever has not heard of it is served meanwhile.
        using (var late = TestClient.Http1(new Uri($"http://127.0.0.1:{port}"))) Assert.Equal(HttpStatusCode.OK, (await late.GetAsync("/api")).StatusCode);
        await Task.WhenAll(load);
        Assert.Equal(0, await gateway.WaitForExitAsync());
        Assert.Equal(origin.Heads.Count, answered + 1); // what was passed on was answered
    }

    [Fact]
    public async Task Sigterm_RequestThatDoesNotEnd_IsReportedWhenItIsCutOff()
    {
        var asked = Guard.NewSignal();
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            asked.SetResult();
            await connection.WaitForEndAsync();
        });
        var port = FreePort.Take();
        using var folder = new ConfigFolder(ConfigFolder.Good
            .Replace("8080", $"{port}", StringComparison.Ordinal)
            .Replace("primary_provider = \"local\"", "primary_provider = \"local\"\nshutdown_timeout_secs = 1", StringComparison.Ordinal)
            .Replace("service = \"echo\"", $"service = \"http\"\noptions.base_url = \"{origin.Url}\"", StringComparison.Ordinal)
            + "\n[logging]\nlog_level = \"warn\"\n");
        await using var gateway = HarmonyProcess.Start(folder.Path, "run", "-c", "config.toml");
        await gateway.WaitForAsync("Press Ctrl-C");
        using var client = await RawConnection.OpenAsync(new IPEndPoint(IPAddress.Loopback, port));
        await client.WriteAsync("GET /api HTTP/1.1\r\nHost: a\r\n\r\n");
        await asked.Task.Guarded();
        gateway.Signal(PosixSignal.SIGTERM);
        await gateway.WaitForAsync("aborted because they did not finish in time: 1");
        Assert.Equal(0, await gateway.WaitForExitAsync());
    }

    private static async Task<HttpStatusCode> ReadinessAsync(HttpClient ops) => (await ops.GetAsync("/admin/health/ready")).StatusCode;

    /// <summary>
    /// Asks until no connection is accepted any more. A connection may be closed between two requests; one whose answer has begun, or that the
    /// gateway has passed on, must be answered.
    /// </summary>
    private static async Task AskAsync(int port, Action onAnswer)
    {
        while (true)
        {
            try
            {
                using var connection = await RawConnection.OpenAsync(new IPEndPoint(IPAddress.Loopback, port));
                while (await TryAskAsync(connection, onAnswer)) { }
            }
            catch (System.Net.Sockets.SocketException)
            {
                return; // refused: the listener is closed
            }
        }
    }

    /// <returns>Whether the connection goes on.</returns>
    private static async Task<bool> TryAskAsync(RawConnection connection, Action onAnswer)
    {
        try
        {
            await connection.WriteAsync("GET /api HTTP/1.1\r\nHost: a\r\n\r\n");
            if (await connection.ReadHeadAsync() is not { } head) return false;
            Assert.StartsWith("HTTP/1.1 200", head, StringComparison.Ordinal);
            Assert.Equal("{}", await connection.ReadBodyAsync(head));
            onAnswer();
            return !head.Contains("Connection: close", StringComparison.OrdinalIgnoreCase);
        }
        catch (IOException)
        {
            return false; // closed while the request was on its way, and so not accepted
        }
    }
}
