using System.Net;
using Harmony.Core.Configuration;
using Harmony.Gateway.Tests.Cli;
using Harmony.Mesh.Cloud;
using Harmony.Testing;
using Harmony.Testing.Requirements;
using Harmony.Testing.Runbeam;

namespace Harmony.Gateway.Tests.Cloud;

/// <summary>
/// The program is killed while it does what the cloud wants: the next start serves the old configuration or the new one, and the cloud hears which.
/// </summary>
public sealed class CloudCrashTests
{
    [PlatformFact("linux", "macos")]
    public async Task Kill_BetweenDownloadAndApply_LosesNoChange()
    {
        await using var stand = await RunbeamStand.StartAsync();
        using var folder = new ConfigFolder();
        var port = FreePort.Take();
        folder.Write("config.toml", $"""
            [proxy]
            name = "clinic-a"
            [provider.runbeam]
            api = "{stand.Url}"
            poll_interval_secs = 3600
            [storage.options]
            path = '{Path.Combine(folder.Path, "storage")}'
            [network.main.tcp_config]
            bind_address = "127.0.0.1"
            bind_port = {port}
            """);
        TokenStore.Of(new ConfigLoader([], _ => null).Load(folder.Main), _ => null).Save(MachineToken.Of(stand.NewToken())!);
        stand.AddTransform("shape-7", SteeredGateway.Spec);
        stand.AddTransform("meta-8", SteeredGateway.Spec);
        var change = stand.Add("pipeline", SteeredGateway.Orders);
        var asked = Guard.NewSignal();
        stand.Interfere = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/meta-8", StringComparison.Ordinal)) return false;
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };
        await using (HarmonyProcess.Start(folder.Path, "run", "--config", folder.Main))
        {
            await asked.Task.Guarded();
        } // kill -9

        Assert.Equal("acknowledged", change.Status);
        Assert.False(File.Exists(Path.Combine(folder.Path, "pipelines", "orders.toml")));
        stand.Interfere = null;
        await using var again = HarmonyProcess.Start(folder.Path, "run", "--config", folder.Main);
        await stand.ReportedAsync(change);
        Assert.Equal(("applied", ""), (change.Status, change.Error));
        using var client = TestClient.Http1(new Uri($"http://127.0.0.1:{port}"));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/orders")).StatusCode);
    }
}
