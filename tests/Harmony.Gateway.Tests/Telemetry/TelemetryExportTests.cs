using System.Collections.Concurrent;
using System.Text;
using Harmony.Core.Configuration;
using Harmony.Gateway.Telemetry;
using Harmony.Testing;
using Microsoft.AspNetCore.Http;

namespace Harmony.Gateway.Tests.Telemetry;

/// <summary>What a collector gets. A string of protobuf stands in the bytes as it is, so no decoder is needed to look for one.</summary>
public sealed class TelemetryExportTests
{
    [Theory]
    [InlineData("http/protobuf", "application/x-protobuf", "/v1/metrics", "/v1/traces")]
    [InlineData("grpc", "application/grpc", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", "/opentelemetry.proto.collector.trace.v1.TraceService/Export")]
    public async Task Export_OfARequest_SendsMetricsAndSpansWithoutWhatIsSecret(string protocol, string contentType, string metrics, string traces)
    {
        var received = new ConcurrentDictionary<string, (string ContentType, string Key, string Body)>();
        RequestDelegate collect = async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received[context.Request.Path.Value!] = (context.Request.ContentType!, context.Request.Headers["x-key"].ToString(), Encoding.Latin1.GetString(body.ToArray()));
        };
        await using var collector = await (protocol == "grpc" ? KestrelOrigin.StartHttp2Async(collect) : KestrelOrigin.StartAsync(collect));
        await using var origin = await KestrelOrigin.StartAsync(_ => Task.CompletedTask);
        var telemetry = new TelemetrySection
        {
            OtlpEndpoint = collector.Url.ToString(),
            Protocol = protocol,
            Headers = new Dictionary<string, string> { ["x-key"] = "collector's, = key" },
        };
        using (TelemetryExport.Start(telemetry, "ward-7"))
        {
            await using var gateway = await TestGateway.StartAsync(Config(origin.Url));
            await gateway.SendRawAsync(
                "POST /in/planted-secret?planted-secret=planted-secret HTTP/1.1\r\nHost: planted-secret\r\nAuthorization: planted-secret\r\nContent-Length: 14\r\n\r\nplanted-secret");
            await gateway.StopAsync(CancellationToken.None);
        }

        Assert.Equal([metrics, traces], received.Keys.Order(StringComparer.Ordinal));
        Assert.All(received.Values, r => Assert.Equal((contentType, "collector's, = key"), (r.ContentType, r.Key)));
        Assert.All(received.Values, r => Assert.DoesNotContain("planted-secret", r.Body, StringComparison.Ordinal));
        Assert.All(received.Values, r => Assert.Contains("ward-7", r.Body, StringComparison.Ordinal));
        Assert.Contains("harmony.request.duration", received[metrics].Body, StringComparison.Ordinal);
        Assert.Contains("exported-endpoint", received[metrics].Body, StringComparison.Ordinal);
        Assert.Contains("backend exported-origin", received[traces].Body, StringComparison.Ordinal);
        Assert.Contains("target exported-origin", received[traces].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_CollectorGone_RequestsAreServed()
    {
        var telemetry = new TelemetrySection { OtlpEndpoint = $"http://127.0.0.1:{FreePort.Take()}" };
        await using var origin = await KestrelOrigin.StartAsync(_ => Task.CompletedTask);
        using var export = TelemetryExport.Start(telemetry, "ward-7");
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url));
        Assert.Equal(200, (await gateway.SendRawAsync("GET", "/in/x")).Status);
    }

    [Fact]
    public void Start_NoCollectorNamed_SendsNothing() => Assert.Null(TelemetryExport.Start(new TelemetrySection(), "ward-7"));

    private static string Config(Uri origin) => $$"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [telemetry]
        sample_ratio = 1.0
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [pipelines.exported]
        networks = ["main"]
        endpoints = ["exported-endpoint"]
        backends = ["exported-origin"]
        [endpoints.exported-endpoint]
        service = "http"
        options.path_prefix = "/in"
        [backends.exported-origin]
        service = "http"
        options.base_url = "{{origin}}"
        options.headers = { "X-Planted" = "planted-secret" }
        """;
}
