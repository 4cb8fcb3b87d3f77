using System.Net;
using Harmony.Gateway.Cloud;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Cloud;

/// <summary>A gateway and the cloud that steers it: authorized, pushed, changed, cut off. What is reported is what runs.</summary>
public sealed class CloudLifeTests
{
    [Fact]
    public async Task Authorize_Push_Change_AndABrokenChange()
    {
        await using var gateway = await SteeredGateway.StartAsync(authorized: false);
        var stand = gateway.Stand;
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.AskAsync("POST", "update")).Status);

        var (status, answer) = await gateway.AskAsync("POST", "authorize", stand.UserToken(), """{"gateway_id":"clinic-a","metadata":{"os":"linux"}}""");
        Assert.Equal((HttpStatusCode.Created, true, "gw-7f3a"), (status, answer["success"]!.GetValue<bool>(), answer["gateway"]!["id"]!.ToString()));
        Assert.NotNull(answer["expires_at"]);

        (status, answer) = await gateway.AskAsync("POST", "update");
        Assert.Equal((HttpStatusCode.OK, 0), (status, answer["pipeline_count"]!.GetValue<int>()));
        Assert.Contains(stand.Pushed, p => p is { Type: "gateway", Id: "gw-7f3a" } && p.Text.Contains("clinic-a", StringComparison.Ordinal));

        stand.AddTransform("shape-7", SteeredGateway.Spec);
        stand.AddTransform("meta-8", SteeredGateway.Spec);
        var good = stand.Add("pipeline", SteeredGateway.Orders);
        (status, answer) = await gateway.PullAsync();
        Assert.Equal((HttpStatusCode.OK, "applied", ""), (status, good.Status, good.Error));
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/orders"));
        Assert.True(File.Exists(gateway.PathOf("transforms/meta-8.json")));

        var broken = stand.Add("pipeline", SteeredGateway.Orders.Replace("service = \"http\"", "service = \"htp\"", StringComparison.Ordinal));
        await gateway.PullAsync();
        Assert.Equal("failed", broken.Status);
        Assert.Contains(broken.Details, d => d.Contains("pipelines/orders.toml(7,11): error:", StringComparison.Ordinal)
            && d.Contains("htp", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/orders"));
        Assert.Contains("service = \"http\"", await File.ReadAllTextAsync(gateway.PathOf("pipelines/orders.toml")), StringComparison.Ordinal);

        var noToml = stand.Add("gateway", "[proxy\nname = 1");
        await gateway.PullAsync();
        Assert.Equal("failed", noToml.Status);
        Assert.Contains("config.toml(1,", noToml.Error, StringComparison.Ordinal);

        (_, answer) = await gateway.AskAsync("GET", "cloud/status", token: null);
        Assert.True(answer["authorized"]!.GetValue<bool>());
        Assert.Equal("failed", answer["last_change"]!["result"]!.ToString());
    }

    /// <summary>Names that are none, of every kind that becomes a file, are refused before anything is written.</summary>
    [Theory]
    [InlineData("pipeline", "[pipelines.\"../../etc/x\"]\nnetworks = [\"main\"]")]
    [InlineData("pipeline", "[pipelines.\"/etc/x\"]\nnetworks = [\"main\"]")]
    [InlineData("pipeline", "[pipelines.\"..\"]\nnetworks = [\"main\"]")]
    [InlineData("pipeline", "[pipelines.\".hidden\"]\nnetworks = [\"main\"]")]
    [InlineData("pipeline", "[pipelines.\"a\\u0000b\"]\nnetworks = [\"main\"]")]
    [InlineData("pipeline", "[pipelines.\"a\\\\b\"]\nnetworks = [\"main\"]")]
    [InlineData("pipeline", "[proxy]\nname = \"x\"")]
    [InlineData("mesh", "[mesh.\"../../etc/x\"]\ntype = \"http\"")]
    [InlineData("transform", "[transform.\"../../etc/x\"]\ninstructions = '[]'")]
    [InlineData("transform", "[transform.x]\ninstructions = 'no json'")]
    [InlineData("transform", "[transform.x]\nname = 'x'")]
    [InlineData("firmware", "[proxy]\nname = \"x\"")]
    [InlineData("../../etc/x", "[proxy]\nname = \"x\"")]
    [InlineData("pipeline", "[pipelines.a]\nnetworks = [\"main\"]\n[middleware.m]\ntype = \"transform\"\noptions.spec_path = \"transforms/..\"")]
    [InlineData("pipeline", "[pipelines.a]\nnetworks = [\"main\"]\n[middleware.m]\ntype = \"transform\"\noptions.spec_path = \"transforms/a b.json\"")]
    [InlineData("pipeline", "")]
    public async Task HostileChange_IsRefused_AndNothingIsWritten(string type, string toml)
    {
        await using var gateway = await SteeredGateway.StartAsync();
        var before = FilesOf(gateway);
        var change = gateway.Stand.Add(type, toml);
        await gateway.PullAsync();
        Assert.Equal("failed", change.Status);
        Assert.NotEqual("", change.Error);
        Assert.Equal(before, FilesOf(gateway));
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/one"));
    }

    [Fact]
    public async Task TransformThatIsNotThere_FailsTheChange()
    {
        await using var gateway = await SteeredGateway.StartAsync();
        gateway.Stand.AddTransform("shape-7", SteeredGateway.Spec);
        var change = gateway.Stand.Add("pipeline", SteeredGateway.Orders);
        await gateway.PullAsync();
        Assert.Equal("failed", change.Status);
        Assert.Contains("transform 'meta-8'", change.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(gateway.PathOf("transforms/shape-7.json")));
    }

    [Fact]
    public async Task Changes_AreAppliedOldestFirst()
    {
        await using var gateway = await SteeredGateway.StartAsync();
        var changes = Enumerable.Range(0, 3).Select(i => gateway.Stand.Add("pipeline", Reloading.ReloadingGateway.Pipeline($"p{i}", "steered"))).ToList();
        await gateway.PullAsync();
        Assert.All(changes, c => Assert.Equal("applied", c.Status));
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/p2"));
        Assert.Equal(HttpStatusCode.NotFound, await gateway.GetAsync("/p0"));
        var order = gateway.Stand.Requests.Where(r => r.Path.EndsWith("/applied", StringComparison.Ordinal)).Select(r => r.Path.Split('/')[^2]);
        Assert.Equal(changes.Select(c => c.Id), order);
    }

    [Fact]
    public async Task EditHereSinceThePush_IsAConflict_UnlessTheCloudWins()
    {
        foreach (var wins in new[] { false, true })
        {
            await using var gateway = await SteeredGateway.StartAsync(g =>
            {
                g.Folder.Write("config.toml", g.Config(wins ? "on_conflict = \"cloud\"" : ""));
                g.Folder.Write("pipelines/shared.toml", Reloading.ReloadingGateway.Pipeline("pushed", "shared"));
            });
            Assert.Equal(HttpStatusCode.OK, (await gateway.AskAsync("POST", "update")).Status);
            gateway.Folder.Write("pipelines/shared.toml", Reloading.ReloadingGateway.Pipeline("edited", "shared"));
            await gateway.Host.Reloader.ReloadAsync("test");
            var change = gateway.Stand.Add("pipeline", Reloading.ReloadingGateway.Pipeline("cloud", "shared"));
            await gateway.PullAsync();
            Assert.Equal(wins ? "applied" : "failed", change.Status);
            if (!wins) Assert.Contains("'pipelines/shared.toml' was edited on this machine", change.Error, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync(wins ? "/cloud" : "/edited"));
            if (wins) continue;

            // Once the edit is pushed, both sides know it.
            await gateway.AskAsync("POST", "update");
            var again = gateway.Stand.Add("pipeline", Reloading.ReloadingGateway.Pipeline("cloud", "shared"));
            await gateway.PullAsync();
            Assert.Equal("applied", again.Status);
            // And what came from the cloud is no edit.
            var next = gateway.Stand.Add("pipeline", Reloading.ReloadingGateway.Pipeline("next", "shared"));
            await gateway.PullAsync();
            Assert.Equal("applied", next.Status);
        }
    }

    /// <summary>
    /// The process ends while the files are being replaced: the next start begins with the old ones, does the change again, and reports what is so.
    /// </summary>
    [Fact]
    public async Task EndBetweenDownloadAndApply_IsMadeGood()
    {
        await using var gateway = await SteeredGateway.StartAsync();
        var change = gateway.Stand.Add("pipeline", Reloading.ReloadingGateway.Pipeline("steered", "steered"));
        var file = gateway.PathOf("pipelines/steered.toml");
        // What a process leaves that is killed after the first file: the journal, the file, and the note of what is under way.
        await gateway.Host.Cloud.WithAsync(session =>
        {
            session.State.Change(m => m with
            {
                UnderWay = new Mesh.Cloud.ChangeUnderWay(
                change.Id, new Dictionary<string, string> { [file] = Mesh.Cloud.CloudState.HashOf("another"u8) })
            });
            return Task.FromResult(session);
        }, Guard.Token);
        change.Status = "acknowledged";
        _ = Gateway.Reloading.History.FileReplacement.Begin(gateway.Folder.Main, [(file, "[pipelines.half"u8.ToArray())]);
        await gateway.RestartAsync();
        await gateway.Stand.ReportedAsync(change);
        Assert.Equal("applied", change.Status);
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/steered"));
        Assert.False(File.Exists(gateway.PathOf(".config.toml.applying")));
    }

    /// <summary>The process ends after the change runs and before the cloud has heard: it hears at the next start.</summary>
    [Fact]
    public async Task EndBeforeTheReport_IsReportedAtTheNextStart()
    {
        await using var gateway = await SteeredGateway.StartAsync();
        gateway.Stand.Interfere = context => Task.FromResult(context.Request.Path.Value!.EndsWith("/applied", StringComparison.Ordinal) && Drop(context));
        var change = gateway.Stand.Add("pipeline", Reloading.ReloadingGateway.Pipeline("steered", "steered"));
        Assert.Equal(HttpStatusCode.BadGateway, (await gateway.PullAsync()).Status);
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/steered"));
        Assert.Equal("acknowledged", change.Status);
        gateway.Stand.Interfere = null;
        await gateway.RestartAsync();
        await gateway.Stand.ReportedAsync(change);
        Assert.Equal("applied", change.Status);
    }

    [Fact]
    public async Task CloudThatIsDown_SlowOrWrong_LeavesTheGatewayServing()
    {
        await using var gateway = await SteeredGateway.StartAsync();
        foreach (var trouble in new Func<Microsoft.AspNetCore.Http.HttpContext, Task<bool>>[]
        {
            context => Task.FromResult(Drop(context)),
            context => SayAsync(context, 503, "{}", ("Retry-After", "120")),
            context => SayAsync(context, 429, """{"message":"slower"}"""),
            context => SayAsync(context, 200, "<html>"),
            context => SayAsync(context, 200, """{"data":[{"id":7}]}"""),
            context => SayAsync(context, 200, """{"data":{"a":1}}"""),
            context => SayAsync(context, 302, "", ("Location", "http://127.0.0.1:9/")),
            context => SayAsync(context, 200, new string('x', 5_000_000)),
        })
        {
            gateway.Stand.Interfere = trouble;
            var (status, answer) = await gateway.PullAsync();
            Assert.True((int)status >= 429, $"{status} {answer}");
            Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/one"));
        }

        var (_, told) = await gateway.AskAsync("GET", "cloud/status");
        Assert.True(told["authorized"]!.GetValue<bool>());
    }

    [Fact]
    public async Task RetryAfter_IsHonoured()
    {
        var clock = new TestTimeProvider();
        await using var gateway =
            await SteeredGateway.StartAsync(g => g.Stand.Interfere = context => SayAsync(context, 503, "{}", ("Retry-After", "900")), clock: clock);
        Assert.Equal(TimeSpan.FromSeconds(900), await clock.TimerAsync(due => due == TimeSpan.FromSeconds(900)));
    }

    /// <summary>A cloud that does not say how long it is away is asked after 2, 4, 8 … s, a tenth more or less, and it is one line in the log.</summary>
    [Fact]
    public async Task Polling_BacksOff_WhileTheCloudIsAway()
    {
        var clock = new TestTimeProvider();
        await using var gateway = await SteeredGateway.StartAsync(g => g.Stand.Interfere = context => Task.FromResult(Drop(context)), clock: clock);
        for (var seconds = 2; seconds <= 32; seconds *= 2)
        {
            var (shortest, longest) = (TimeSpan.FromSeconds(seconds * 0.9), TimeSpan.FromSeconds(seconds * 1.1));
            clock.Advance(await clock.TimerAsync(due => due >= shortest && due <= longest));
        }

        var sixth = await clock.TimerAsync(due => due >= TimeSpan.FromSeconds(57.6) && due <= TimeSpan.FromSeconds(70.4));
        gateway.Stand.Interfere = null;
        clock.Advance(sixth);
        await clock.TimerAsync(due => due >= TimeSpan.FromMinutes(54) && due <= TimeSpan.FromMinutes(66)); // as often as before
        // The line is written behind the work.
        await Guard.UntilAsync(() => gateway.Log.Contains("the cloud can be reached again after 6 failures", StringComparison.Ordinal));
        Assert.Single(gateway.Log.Split("the cloud cannot be reached")[1..]);
    }

    [Fact]
    public void Pause_GrowsToFiveMinutes_AndObeysTheCloudForAnHour()
    {
        foreach (var (failures, seconds) in new[] { (1, 2), (2, 4), (8, 256), (9, 300), (1_000, 300) })
        {
            var pauses = Enumerable.Range(0, 100).Select(_ => CloudPause.After(failures, null).TotalSeconds).ToList();
            Assert.All(pauses, p => Assert.InRange(p, seconds * 0.9, seconds * 1.1));
            Assert.True(pauses.Distinct().Count() > 10, "gateways that lost their cloud together must not ask together");
            Assert.InRange(CloudPause.After(failures, TimeSpan.FromSeconds(1)).TotalSeconds, seconds * 0.9, seconds * 1.1);
            Assert.Equal(TimeSpan.FromMinutes(20), CloudPause.After(failures, TimeSpan.FromMinutes(20)));
            Assert.Equal(TimeSpan.FromHours(1), CloudPause.After(failures, TimeSpan.FromHours(5)));
        }
    }

    [Fact]
    public async Task Token_IsRenewedBeforeItEnds()
    {
        var clock = new TestTimeProvider();
        await using var gateway = await SteeredGateway.StartAsync(
            g =>
            {
                g.Stand.TokenLife = TimeSpan.FromDays(6);
                g.Set("RUNBEAM_MACHINE_TOKEN", g.Stand.NewToken().ToJsonString());
                g.Stand.TokenLife = TimeSpan.FromDays(30);
            },
            authorized: false,
            clock);
        await gateway.Stand.UntilAsync(s => s.Requests.Any(r => r.Path.Contains("/harmony/changes", StringComparison.Ordinal)));
        Assert.Equal(2, gateway.Stand.Tokens.Count);
        var last = gateway.Stand.Requests.Last(r => r.Path.Contains("/harmony/changes", StringComparison.Ordinal));
        Assert.NotEqual(gateway.Stand.Requests.First(r => r.Path.Contains("/authorize", StringComparison.Ordinal)).Token, last.Token);
    }

    [Fact]
    public async Task TokenThatEnds_IsSaid_AndTheConfigurationStays()
    {
        var clock = new TestTimeProvider();
        await using var gateway = await SteeredGateway.StartAsync(g => (g.Stand.TokenLife, g.Stand.Renews) = (TimeSpan.FromDays(2), false), clock: clock);
        await gateway.Stand.UntilAsync(s => s.Requests.Any(r => r.Path.Contains("/harmony/changes", StringComparison.Ordinal)));
        clock.Advance(TimeSpan.FromDays(3));
        var (status, answer) = await gateway.PullAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("harmony cloud authorize", answer["message"]!.ToString(), StringComparison.Ordinal);
        (_, answer) = await gateway.AskAsync("GET", "cloud/status");
        Assert.False(answer["authorized"]!.GetValue<bool>());
        Assert.Contains("ended", answer["last_contact"]!["message"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/one"));
    }

    [Fact]
    public async Task PushAtStart_IsMade_WhereItIsWanted()
    {
        await using var gateway = await SteeredGateway.StartAsync(g =>
        {
            g.Set("RUNBEAM_PUSH_CONFIG_ON_STARTUP", "true");
            g.Folder.Write("pipelines/p.toml", Reloading.ReloadingGateway.Pipeline("p", "p")).Write("transforms/t.json", "[]")
                .Write("mesh/m.toml", "[remote_ingress.far]\nurls = [\"https://far.example.org\"]\n");
        });
        await gateway.Stand.UntilAsync(s => s.Requests.Any(r => r.Path.Contains("/harmony/changes", StringComparison.Ordinal)));
        Assert.Equal(["gateway", "mesh", "pipeline", "transform"], gateway.Stand.Pushed.Select(p => p.Type).Order(StringComparer.Ordinal));
        Assert.Contains("instructions = '''\n[]'''", gateway.Stand.Pushed.Single(p => p.Type == "transform").Text, StringComparison.Ordinal);
    }

    private static List<string> FilesOf(SteeredGateway gateway)
        => [.. Directory.EnumerateFiles(gateway.Folder.Path, "*", SearchOption.AllDirectories)
            .Where(f => !f.StartsWith(gateway.Storage, StringComparison.Ordinal) && !f.EndsWith(".log", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(f => $"{f} {File.ReadAllText(f)}")];

    private static bool Drop(Microsoft.AspNetCore.Http.HttpContext context)
    {
        context.Abort();
        return true;
    }

    private static async Task<bool> SayAsync(
        Microsoft.AspNetCore.Http.HttpContext context, int status, string body, params (string Name, string Value)[] headers)
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body));
        return true;
    }
}
