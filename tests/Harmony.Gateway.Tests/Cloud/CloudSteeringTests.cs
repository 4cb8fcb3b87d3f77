using System.Collections.Concurrent;
using System.Net;
using Harmony.Core.Configuration;
using Harmony.Gateway.Tests.Cli;
using Harmony.Mesh.Cloud;
using Harmony.Testing;
using Harmony.Testing.Runbeam;

namespace Harmony.Gateway.Tests.Cloud;

/// <summary>Which tables mean a cloud, how a cloud that fails is asked again, and what tells that a token ends soon.</summary>
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

    /// <summary>Not before 2, 4, 8 … seconds after each failure, a tenth less at most.</summary>
    [Fact]
    public async Task CloudThatFails_IsAskedLessAndLessOften()
    {
        var clock = new TestTimeProvider();
        var asked = new ConcurrentQueue<DateTimeOffset>();
        await using var gateway = await SteeredGateway.StartAsync(
            g => g.Stand.Interfere = context =>
            {
                asked.Enqueue(clock.GetUtcNow());
                context.Abort();
                return Task.FromResult(true);
            },
            clock: clock);
        await Guard.UntilAsync(() => asked.Count == 1);
        int[] pauses = [2, 4, 8, 16, 32, 64, 128, 256, 300, 300];
        for (var i = 0; i < pauses.Length; i++)
        {
            var (before, step) = (i + 1, TimeSpan.FromSeconds(pauses[i] / 4.0));
            await Guard.UntilAsync(() => asked.Count > before, () => clock.Advance(step));
        }

        var times = asked.ToArray();
        Assert.All(pauses.Index(), p => Assert.True(times[p.Index + 1] - times[p.Index] >= TimeSpan.FromSeconds(0.9 * p.Item), $"after failure {p.Index + 1}"));
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/one"));
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
