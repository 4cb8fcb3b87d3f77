using System.Net;
using Harmony.Core.Configuration;
using Harmony.Gateway.Tests.Cli;
using Harmony.Mesh.Cloud;
using Harmony.Testing;
using Harmony.Testing.Runbeam;

namespace Harmony.Gateway.Tests.Cloud;

/// <summary>Which tables mean a cloud, and what tells that its token ends soon.</summary>
public sealed class CloudSteeringTests
{
    private const string Provider = "[provider.runbeam]\napi = ";

    [Fact]
    public async Task OlderTable_MeansTheSame()
    {
        await using var gateway = await SteeredGateway.StartAsync(g => g.Folder.Write("config.toml",
            g.Config().Replace(Provider, "[runbeam]\nenabled = true\ncloud_api_base_url = ", StringComparison.Ordinal)));
        var change = gateway.Stand.Add("pipeline", Reloading.ReloadingGateway.Pipeline("steered", "steered"));
        Assert.Equal(HttpStatusCode.OK, (await gateway.PullAsync()).Status);
        Assert.Equal("applied", change.Status);
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/steered"));
    }

    [Theory]
    [InlineData("name = \"clinic-a\"", "name = \"clinic-a\"\nprimary_provider = \"local\"")]
    [InlineData(Provider, "[runbeam]\nenabled = false\ncloud_api_base_url = ")]
    public async Task NoCloud_IsAskedNothing(string part, string replaced)
    {
        await using var gateway =
            await SteeredGateway.StartAsync(g => g.Folder.Write("config.toml", g.Config().Replace(part, replaced, StringComparison.Ordinal)));
        var (_, status) = await gateway.AskAsync("GET", "cloud/status", token: null);
        Assert.False(status["enabled"]!.GetValue<bool>());
        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.PullAsync()).Status);
        Assert.Empty(gateway.Stand.Requests);
    }

    /// <summary>In a process of its own, because a meter counts for the process as a whole.</summary>
    [Theory]
    [InlineData(6, 1)]
    [InlineData(8, 0)]
    public async Task TokenThatEndsSoon_IsAMetric(int days, int soon)
    {
        await using var stand = await RunbeamStand.StartAsync();
        stand.TokenLife = TimeSpan.FromDays(days);
        stand.Renews = false;
        using var folder = new ConfigFolder();
        var port = FreePort.Take();
        folder.Write("config.toml", $"""
            [proxy]
            name = "clinic-a"
            [provider.runbeam]
            api = "{stand.Url}"
            [storage.options]
            path = '{Path.Combine(folder.Path, "storage")}'
            [network.ops.tcp_config]
            bind_address = "127.0.0.1"
            bind_port = {port}
            [management]
            enabled = true
            network = "ops"
            """);
        TokenStore.Of(new ConfigLoader([], _ => null).Load(folder.Main), _ => null).Save(MachineToken.Of(stand.NewToken())!);
        await using var gateway = HarmonyProcess.Start(folder.Path, "run", "--config", folder.Main);
        await gateway.WaitForAsync("Press Ctrl-C");
        await stand.UntilAsync(s => s.Requests.Any(r => r.Path.Contains("/harmony/changes", StringComparison.Ordinal)));
        using var client = TestClient.Http1(new Uri($"http://127.0.0.1:{port}"));
        var metrics = (await client.GetStringAsync(new Uri("/admin/metrics", UriKind.Relative), Guard.Token)).Split('\n');
        Assert.Contains($"harmony_cloud_token_ends_soon {soon}", metrics);
        var left = double.Parse(Assert.Single(metrics, l => l.StartsWith("harmony_cloud_token_time_left_seconds ", StringComparison.Ordinal)).Split(' ')[1]);
        Assert.InRange(left / 86400, days - 1, days);
    }
}
