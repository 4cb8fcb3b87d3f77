using System.Net;
using Harmony.Gateway.Metrics;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Metrics;

/// <summary>What a counted load leaves in the metrics. Names of these tests are their own: the meter belongs to the whole process.</summary>
public sealed class GatewayMetricsTests
{
    private static readonly string[] Route = ["network=counted", "pipeline=load", "endpoint=all"];

    private static readonly Dictionary<string, string> Files = new() { ["name.json"] = """{"type":"object","required":["name"]}""" };

    [Fact]
    public async Task CountedLoad_SumsAgree()
    {
        using var store = new MetricStore();
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.StatusCode = context.Request.Path == "/missing" ? 404 : 200;
            if (context.Request.Path != "/missing") await context.Response.Body.WriteAsync(new byte[100]);
        });
        await using (var gateway = await TestGateway.StartAsync(Config(origin.Url), Files))
        {
            using var client = TestClient.Http1(gateway.Url);
            for (var i = 0; i < 20; i++) (await client.PostAsync("/in/found?token=planted-secret", new ByteArrayContent(new byte[30]))).Dispose();
            for (var i = 0; i < 5; i++) (await client.GetAsync("/in/missing")).Dispose();
            for (var i = 0; i < 3; i++) (await client.GetAsync("/nowhere/planted-secret")).Dispose();
            Assert.Equal(HttpStatusCode.BadGateway, (await client.GetAsync("/gone")).StatusCode);
            var during = PrometheusCheck.Samples(await store.TextAsync());
            Assert.Equal(1, during.ValueOf("harmony_target_healthy", "backend=counted-origin", "target=counted-origin"));
            Assert.True(during.ValueOf("harmony_target_last_error_time_seconds", "backend=counted-dead", "target=counted-dead") > 1_700_000_000);
            Assert.Null(during.ValueOf("harmony_target_last_error_time_seconds", "backend=counted-origin", "target=counted-origin"));
            Assert.Null(during.ValueOf("harmony_target_down_since_seconds", "backend=counted-dead", "target=counted-dead")); // two failures are not yet three
            Assert.Equal(HttpStatusCode.BadGateway, (await client.GetAsync("/gone")).StatusCode);
            var down = PrometheusCheck.Samples(await store.TextAsync());
            Assert.True(down.ValueOf("harmony_target_down_since_seconds", "backend=counted-dead", "target=counted-dead") > 1_700_000_000);
            var target = gateway.Snapshot.Pipelines.SelectMany(p => p.Backends).SelectMany(b => b.LiveTargets).Single(t => t.Name == "counted-origin");
            target.Drain();
            Assert.True(target.IsHealthy);
            var drained = PrometheusCheck.Samples(await store.TextAsync());
            Assert.Equal(1, drained.ValueOf("harmony_target_healthy", "backend=counted-origin", "target=counted-origin"));
            Assert.Equal(0, drained.ValueOf("harmony_target_enabled", "backend=counted-origin", "target=counted-origin"));
            await gateway.StopAsync(CancellationToken.None);
        }

        var text = await store.TextAsync();
        Assert.Empty(PrometheusCheck.Problems(text));
        Assert.DoesNotContain("planted-secret", text, StringComparison.Ordinal);
        var samples = PrometheusCheck.Samples(text);
        string[] found = [.. Route, "backend=counted-origin", "status_class=2xx"], missing = [.. Route, "backend=counted-origin", "status_class=4xx"];
        Assert.Equal(20, samples.ValueOf("harmony_requests_total", found));
        Assert.Equal(20, samples.ValueOf("harmony_request_duration_seconds_count", found));
        Assert.True(samples.ValueOf("harmony_request_duration_seconds_sum", found) > 0);
        Assert.Equal(600, samples.ValueOf("harmony_request_body_size_bytes_total", found));
        Assert.Equal(2000, samples.ValueOf("harmony_response_body_size_bytes_total", found));
        Assert.Equal(5, samples.ValueOf("harmony_requests_total", missing));
        Assert.Equal(3, samples.ValueOf("harmony_requests_total", "network=counted", "status_class=4xx"));
        Assert.Equal(
            2, samples.ValueOf("harmony_requests_total", "network=counted", "pipeline=dead", "endpoint=gone", "backend=counted-dead", "status_class=5xx"));
        Assert.Equal(25, samples.ValueOf("harmony_target_duration_seconds_count", "backend=counted-origin", "target=counted-origin"));
        Assert.Equal(4, samples.ValueOf("harmony_target_failures_total", "backend=counted-dead", "target=counted-dead"));
        Assert.Equal(2, samples.ValueOf("harmony_backend_retries_total", "backend=counted-dead"));
        Assert.Equal(0, samples.ValueOf("harmony_requests_in_flight", Route));
        Assert.Null(samples.ValueOf("harmony_target_healthy", "backend=counted-origin", "target=counted-origin"));
    }

    [Fact]
    public async Task Refusal_IsCountedByMiddleware()
    {
        using var store = new MetricStore();
        await using (var gateway = await TestGateway.StartAsync(Config(new Uri("http://127.0.0.1:1")), Files))
        {
            using var client = TestClient.Http1(gateway.Url);
            Assert.Equal(
                HttpStatusCode.UnprocessableEntity, (await client.PostAsync("/checked", new StringContent("{}", null, "application/json"))).StatusCode);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await client.PostAsync("/checked", new ByteArrayContent(new byte[2000]))).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/nowhere/planted-secret")).StatusCode);
            Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/checked/a%2Fb/planted-secret")).StatusCode);
            await gateway.StopAsync(CancellationToken.None);
        }

        var samples = PrometheusCheck.Samples(await store.TextAsync());
        Assert.Equal(1, samples.ValueOf("harmony_refusals_total", "pipeline=refusing", "middleware=needs_name", "kind=unprocessable"));
        Assert.Equal(1, samples.ValueOf("harmony_refusals_total", "pipeline=refusing", "kind=too_large"));
        // Other gateways of this process refuse, too, and these have no pipeline to tell them by.
        Assert.True(samples.ValueOf("harmony_refusals_total", "kind=not_found") >= 1);
        Assert.True(samples.ValueOf("harmony_refusals_total", "kind=malformed") >= 1);
        Assert.Equal(2, samples.ValueOf("harmony_requests_total", "network=counted", "pipeline=refusing", "endpoint=checked", "status_class=4xx"));
    }

    private static string Config(Uri origin) => $$"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [network.counted.tcp_config]
        bind_address = "127.0.0.1"
        [pipelines.load]
        networks = ["counted"]
        endpoints = ["all"]
        backends = ["counted-origin"]
        [endpoints.all]
        service = "http"
        options.path_prefix = "/in"
        [backends.counted-origin]
        service = "http"
        options.base_url = "{{origin}}"
        [pipelines.dead]
        networks = ["counted"]
        endpoints = ["gone"]
        backends = ["counted-dead"]
        [endpoints.gone]
        service = "http"
        options.path_prefix = "/gone"
        [backends.counted-dead]
        service = "http"
        options.base_url = "http://127.0.0.1:{{FreePort.Take()}}"
        options.max_retries = 1
        [pipelines.refusing]
        networks = ["counted"]
        endpoints = ["checked"]
        middleware = ["needs_name"]
        backends = ["counted-dead"]
        [endpoints.checked]
        service = "http"
        options.path_prefix = "/checked"
        options.max_body_size = 1000
        [middleware.needs_name]
        type = "schema"
        schema_path = "name.json"
        """;
}
