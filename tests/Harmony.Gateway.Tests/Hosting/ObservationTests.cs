using Harmony.Gateway.Tests.Reloading;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Hosting;

/// <summary>What is written and sent for requests follows the configuration.</summary>
public sealed class ObservationTests
{
    [Fact]
    public async Task AccessLog_SwitchedOnAndMovedByReloads()
    {
        await using var gateway = await ReloadingGateway.StartAsync();
        var (first, second) = (gateway.PathOf("first.log"), gateway.PathOf("second.log"));
        await gateway.GetAsync("/one/before");
        await ReloadAsync(gateway, $"[logging.access]\nenabled = true\ntarget = '{first}'");
        await gateway.GetAsync("/one/during");
        // The same again, with another level: the log goes on.
        await ReloadAsync(gateway, $"[logging]\nlog_level = \"warn\"\n[logging.access]\nenabled = true\ntarget = '{first}'");
        await gateway.GetAsync("/one/during");
        await ReloadAsync(gateway, $"[logging.access]\nenabled = true\ntarget = '{second}'\nfields = [\"path\"]");
        await gateway.GetAsync("/one/after");
        await ReloadAsync(gateway, "");
        await gateway.GetAsync("/one/never");
        Assert.Equal(2, (await File.ReadAllLinesAsync(first)).Count(l => l.Contains("\"path\":\"/one/during\"", StringComparison.Ordinal)));
        Assert.Equal("""{"path":"/one/after"}""" + "\n", await File.ReadAllTextAsync(second));
    }

    [Fact]
    public async Task Telemetry_SwitchedOnByAReload_IsSent()
    {
        var arrived = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = RawOrigin.Start(async connection =>
        {
            var head = await connection.ReadHeadAsync();
            await connection.ReadBodyAsync(head!);
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            arrived.TrySetResult(head!);
        });
        await using var gateway = await ReloadingGateway.StartAsync();
        await ReloadAsync(gateway, $"[telemetry]\notlp_endpoint = \"{origin.Url}\"\ntraces = false\nheaders = {{ X-Key = \"k\" }}\nmetrics_interval_secs = 1");
        await gateway.GetAsync("/one");
        var head = await arrived.Task.WaitAsync(Guard.Limit);
        Assert.StartsWith("POST /v1/metrics ", head, StringComparison.Ordinal);
        Assert.Contains("X-Key: k", head, StringComparison.Ordinal);
    }

    private static async Task ReloadAsync(ReloadingGateway gateway, string more)
    {
        gateway.Folder.Write("config.toml", gateway.Config("one", more: more));
        Assert.True((await gateway.Reloader.ReloadAsync("test")).LastSucceeded);
    }
}
