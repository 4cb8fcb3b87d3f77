using System.Net;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Management;
using Harmony.Gateway.Tests.Reloading;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Management;

/// <summary>What operators ask for, and what they get.</summary>
public sealed class ManagementApiTests
{
    private const string Origin = """
        [pipelines.forward]
        description = "Somewhere else"
        networks = ["main"]
        endpoints = ["forward"]
        middleware = { left = ["passthru"], right = [] }
        backends = ["forward"]
        [endpoints.forward]
        service = "http"
        options.path = "/forward/{id}"
        options.methods = ["GET", "POST"]
        [backends.forward]
        service = "http"
        targets = ["a", "b"]
        [targets.a]
        url = "http://127.0.0.1:9/a"
        weight = 3
        [targets.b]
        url = "http://127.0.0.1:9/b"
        """;

    [Fact]
    public async Task Info_SaysWhatRunsAndForHowLong()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        var (status, info) = await gateway.GetAsync("info");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((Banner.Version, "test", "ready"), (info["version"]!.ToString(), info["name"]!.ToString(), info["status"]!.ToString()));
        Assert.InRange(info["uptime"]!.GetValue<long>(), 0, 60); // seconds since the start, and not since 1970
        Assert.True(TimeProvider.System.GetUtcNow() - info["started_at"]!.GetValue<DateTimeOffset>() < TimeSpan.FromMinutes(1));
        Assert.Equal((true, true), (info["os"]!.ToString().Length > 0, info["arch"]!.ToString().Length > 0));
    }

    [Fact]
    public async Task Views_ShowWhatIsConfigured()
    {
        await using var gateway = await ManagedGateway.StartAsync(more: Origin);
        var pipelines = (await gateway.GetAsync("pipelines")).Answer["pipelines"]!.AsArray();
        Assert.Equal(["answer", "forward", "management"], pipelines.Select(p => p!["id"]!.ToString()));
        AssertJson("""{"id":"answer","description":"Unnamed pipeline","networks":["main"],"endpoints":["answer"],"backends":["answer"],"middleware":[],"active":true,"inactive_reason":null}""", pipelines[0]);
        AssertJson("""{"id":"forward","description":"Somewhere else","networks":["main"],"endpoints":["forward"],"backends":["forward"],"middleware_left":["passthru"],"middleware_right":[],"active":true,"inactive_reason":null}""", pipelines[1]);

        var routes = (await gateway.GetAsync("routes")).Answer["routes"]!.AsArray();
        AssertJson("""{"path":"/forward/{id}","prefix":false,"methods":["GET","POST"],"description":"Somewhere else","endpoint_name":"forward","service_type":"http","pipeline":"forward","networks":["main"]}""", routes[1]);
        Assert.Equal(["/one", "/forward/{id}", "/admin", "/", "/metrics", "/api/reload"], routes.Select(r => r!["path"]!.ToString()));

        var targets = (await gateway.GetAsync("targets")).Answer["targets"]!.AsArray();
        AssertJson("""{"backend":"forward","name":"a","url":"http://127.0.0.1:9/a","weight":3,"healthy":true,"state":"unknown","since":null,"reason":null,"enabled":true,"in_flight":0,"answered":0,"failed":0,"latency_ms":null,"last_error":null,"last_error_at":null}""", targets[0]);
    }

    [Fact]
    public async Task ConfigStatus_AfterABrokenChange_SaysWhereAndWhatStillRuns()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        gateway.Gateway.Folder.Write("config.toml", gateway.Gateway.Managed("two") + "\n[backends.answer]\n");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await gateway.PostAsync("reload")).Status);
        var (_, status) = await gateway.GetAsync("config/status");
        Assert.Equal((gateway.Gateway.Folder.Main, 1, false),
            (status["config_file_path"]!.ToString(), status["version"]!.GetValue<int>(), status["last_attempt"]!["succeeded"]!.GetValue<bool>()));
        Assert.Equal("error", status["last_attempt"]!["problems"]![0]!["severity"]!.ToString());
        Assert.True(status["last_attempt"]!["problems"]![0]!["line"]!.GetValue<int>() > 10);
        Assert.Equal(["main", "ops"], status["running_networks"]!.AsArray().Select(n => n!.ToString()));
        Assert.Equal(gateway.Gateway.ManagementPort, status["current_networks"]!["ops"]!["bind_port"]!.GetValue<int>());
    }

    [Fact]
    public async Task Reload_AppliesFilesAndHistoryLeadsBack()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        gateway.Gateway.Folder.Write("config.toml", gateway.Gateway.Managed("two"));
        var (status, answer) = await gateway.PostAsync("reload");
        Assert.Equal((HttpStatusCode.OK, true, 2), (status, answer["applied"]!.GetValue<bool>(), answer["version"]!.GetValue<int>()));
        Assert.Equal(HttpStatusCode.OK, await gateway.Gateway.GetAsync("/two"));

        var versions = (await gateway.GetAsync("config/history")).Answer["versions"]!.AsArray();
        Assert.Equal([(2, true), (1, false)], versions.Select(v => (v!["version"]!.GetValue<int>(), v["current"]!.GetValue<bool>())));
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.PostAsync("config/rollback/77")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.PostAsync("config/rollback/first")).Status);
        Assert.Equal(3, (await gateway.PostAsync("config/rollback/1")).Answer["version"]!.GetValue<int>());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (await gateway.Gateway.GetAsync("/one"), await gateway.Gateway.GetAsync("/two")));
    }

    [Fact]
    public async Task LogLevel_IsSetAndOutlivesAReloadUntilTakenBack()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        var levels = gateway.Gateway.Host.LogLevels;
        Assert.Equal("info", (await gateway.GetAsync("log-level")).Answer["level"]!.ToString());
        Assert.Equal("warn,harmony.http=debug",
            (await gateway.SendAsync(HttpMethod.Put, "log-level", """{"level":"warn,harmony.http=debug"}""")).Answer["level"]!.ToString());
        gateway.Gateway.Folder.Write("config.toml", gateway.Gateway.Managed("one", more: "[logging]\nlog_level = \"error\""));
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("reload")).Status);
        Assert.Equal("warn,harmony.http=debug", levels.ToString());
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.PostAsync("log-level", """{"level":"loud"}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.PostAsync("log-level", "[]")).Status);
        Assert.Equal("error", (await gateway.SendAsync(HttpMethod.Delete, "log-level")).Answer["level"]!.ToString());
    }

    [Fact]
    public async Task Target_TakenOut_GetsNothingUntilItIsBack()
    {
        await using var first = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        await using var second = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        var more = Origin.Replace("http://127.0.0.1:9/a", first.Url.ToString(), StringComparison.Ordinal)
            .Replace("http://127.0.0.1:9/b", second.Url.ToString(), StringComparison.Ordinal);
        await using var gateway = await ManagedGateway.StartAsync(more: more);
        Assert.False((await gateway.PostAsync("targets/forward/a/drain")).Answer["targets"]![0]!["enabled"]!.GetValue<bool>());
        // The next configuration knows, too.
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("reload")).Status);
        for (var i = 0; i < 8; i++) Assert.Equal(HttpStatusCode.OK, await gateway.Gateway.GetAsync("/forward/1"));
        Assert.Equal((0, 8), (first.Heads.Count, second.Heads.Count));
        await gateway.PostAsync("targets/forward/b/drain");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await gateway.Gateway.GetAsync("/forward/1"));
        await gateway.PostAsync("targets/forward/a/enable");
        Assert.Equal((HttpStatusCode.OK, 1), (await gateway.Gateway.GetAsync("/forward/1"), first.Heads.Count));
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.PostAsync("targets/forward/c/drain")).Status);
    }

    [Fact]
    public async Task Metrics_AreWhatPrometheusReads_AtBothPlaces()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        for (var i = 0; i < 7; i++) await gateway.Gateway.GetAsync("/one");
        foreach (var path in new[] { "/metrics", "/admin/metrics" })
        {
            using var answer = await gateway.Anybody.GetAsync(path);
            Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
            var text = await answer.Content.ReadAsStringAsync();
            Assert.Empty(PrometheusCheck.Problems(text));
            Assert.Contains("harmony_config_last_reload_successful 1\n", text, StringComparison.Ordinal);
            Assert.Contains(PrometheusCheck.Samples(text), s => s is { Name: "harmony_requests_total", Value: >= 7 } && s.Labels["pipeline"] == "answer");
        }
    }

    [Fact]
    public async Task Metrics_ForWhoAcceptsOpenMetrics_AreThat()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        await gateway.Gateway.GetAsync("/one");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.4,*/*;q=0.2");
        using var answer = await gateway.Anybody.SendAsync(request);
        Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("# TYPE harmony_requests counter\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n# EOF\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drain_NotReadyFirstThenClosed_AndOperatorsStillSee()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        using var upload = await RawConnection.OpenAsync(new IPEndPoint(IPAddress.Loopback, gateway.Gateway.Port));
        await upload.WriteAsync("POST /one HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");
        await Guard.UntilAsync(() => gateway.Gateway.Host.InFlight > 0);
        Assert.Equal((HttpStatusCode.OK, "ready"), Status(await gateway.GetAsync("health/ready")));

        var (status, answer) = await gateway.PostAsync("drain");
        Assert.Equal((HttpStatusCode.Accepted, 1), (status, answer["in_flight"]!.GetValue<int>()));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "draining"), Status(await gateway.GetAsync("health/ready")));
        Assert.Equal((HttpStatusCode.OK, "alive"), Status(await gateway.GetAsync("health/live")));
        await upload.WriteAsync("cd");
        Assert.Equal(200, (await RawAnswer.ReadAsync(upload, "POST")).Status);
        await ClosedAsync(gateway).Guarded();
        Assert.Equal(HttpStatusCode.Accepted, (await gateway.PostAsync("drain")).Status);
    }

    /// <summary>The listener closes while the answer is already there.</summary>
    private static async Task ClosedAsync(ManagedGateway gateway)
    {
        while (true)
        {
            try
            {
                await gateway.Gateway.GetAsync("/one");
            }
            catch (HttpRequestException)
            {
                return;
            }

            await Task.Yield();
        }
    }

    [Fact]
    public async Task WhatIsNotThere_IsSaidInJson()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        var (status, answer) = await gateway.GetAsync("nothing");
        Assert.Equal((HttpStatusCode.NotFound, """{"error":"Not found"}"""), (status, answer.ToJsonString()));
        using var wrong = await gateway.Anybody.PostAsync("/admin/info", null);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET"), (wrong.StatusCode, string.Join(',', wrong.Content.Headers.Allow)));
        foreach (var path in new[] { "authorize", "token", "update" })
        {
            var (refused, why) = await gateway.PostAsync(path, "{}");
            Assert.Equal((HttpStatusCode.Forbidden, "Forbidden"), (refused, why["error"]!.ToString()));
            Assert.Contains("Runbeam Cloud integration is disabled", why["message"]!.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WhileStarting_OnlyProbesAnswer_AndTheGatewayIsNotReady()
    {
        var request = new Core.Envelope.RequestEnvelope
        {
            Protocol = "http", Method = "GET", Scheme = "http", Host = "h", Path = "/", PathBelowPrefix = "/",
            Headers = new Core.Envelope.HeaderFields(1), Body = Core.Envelope.Body.Empty(), RequestId = "1"
        };
        Assert.Equal(
            [("health/live", 200), ("health/ready", 503)],
            new ManagementApi(new ManagementSection()).Operations.Where(o => o.WhileStarting is not null)
                .Select(o => (o.Path, o.WhileStarting!(request).Status)));
    }

    [Fact]
    public async Task OpenApi_DescribesEveryOperation_AndThePageToo()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        var (_, document) = await gateway.GetAsync("openapi.json");
        var page = await File.ReadAllTextAsync(RepositoryFolder.PathOf("docs", "management.md"));
        foreach (var operation in new ManagementApi(new ManagementSection()).Operations)
        {
            var described = document["paths"]!["/" + operation.Path]![operation.Method.ToLowerInvariant()]!;
            Assert.Equal(operation.Summary, described["summary"]!.ToString());
            Assert.Equal(operation.Parameters.Concat(operation.QueryParameters),
                (described["parameters"]?.AsArray() ?? []).Select(p => p!["name"]!.ToString()));
            Assert.Contains($"`{operation.Method}` | `{operation.Path}`", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task BasePathAndNetworkOfData_AreAsConfigured()
    {
        await using var gateway = await ReloadingGateway.StartAsync(
            g => g.Folder.Write("config.toml", g.Config("one", more: "[management]\nenabled = true\nnetwork = \"main\"\nbase_path = \"/ops/v1/\"")));
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/ops/v1/info"));
        Assert.Equal(HttpStatusCode.OK, await gateway.GetAsync("/one"));
        // On a network that others use, the path may be theirs.
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (await gateway.GetAsync("/metrics"), await gateway.GetAsync("/ops/v1/metrics")));
    }

    [Fact]
    public async Task SwitchedOnByAReload_ServesAndMeasures_AndGoesAgain()
    {
        await using var gateway = await ReloadingGateway.StartAsync();
        Assert.Null(gateway.Host.Metrics);
        gateway.Folder.Write("config.toml", gateway.Managed("one"));
        Assert.True((await gateway.Reloader.ReloadAsync("test")).LastSucceeded);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK),
            (await gateway.GetAsync("/metrics", gateway.ManagementPort), await gateway.GetAsync("/admin/info", gateway.ManagementPort)));
        gateway.Folder.Write("config.toml", gateway.Config("one"));
        Assert.True((await gateway.Reloader.ReloadAsync("test")).LastSucceeded);
        Assert.Null(gateway.Host.Metrics);
    }

    private static (HttpStatusCode Status, string Word) Status((HttpStatusCode Status, JsonObject Answer) answer)
        => (answer.Status, answer.Answer["status"]!.ToString());

    private static void AssertJson(string expected, JsonNode? found) => Assert.Equal(expected, found!.ToJsonString());
}
