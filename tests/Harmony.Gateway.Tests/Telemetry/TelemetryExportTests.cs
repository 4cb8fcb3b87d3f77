using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Logging;
using Harmony.Gateway.Telemetry;
using Harmony.Gateway.Tests.Logging;
using Harmony.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Gateway.Tests.Telemetry;

/// <summary>What a collector gets. A string of protobuf stands in the bytes as it is, so no decoder is needed to look for one.</summary>
public sealed class TelemetryExportTests
{
    [Theory]
    [InlineData("http/protobuf", "application/x-protobuf", "/v1/metrics", "/v1/traces")]
    [InlineData("grpc", "application/grpc", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
        "/opentelemetry.proto.collector.trace.v1.TraceService/Export")]
    public async Task Export_OfARequest_SendsMetricsAndSpansWithoutWhatIsSecret(string protocol, string contentType, string metrics, string traces)
    {
        var received = new ConcurrentDictionary<string, (string ContentType, string Key, string Body)>();
        RequestDelegate collect = async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received[context.Request.Path.Value!] = (context.Request.ContentType!, context.Request.Headers["x-key"].ToString(),
                Encoding.Latin1.GetString(body.ToArray()));
        };
        await using var collector = await (protocol == "grpc" ? KestrelOrigin.StartHttp2Async(collect) : KestrelOrigin.StartAsync(collect));
        await using var origin = await KestrelOrigin.StartAsync(_ => Task.CompletedTask);
        var telemetry = new TelemetrySection
        {
            OtlpEndpoint = collector.Url.ToString(),
            Protocol = protocol,
            Headers = new Dictionary<string, string> { ["x-key"] = "collector's, = key" },
        };
        using (TelemetryExport.Start(telemetry, "ward-7", NullLogger.Instance, TimeProvider.System, Guard.Limit))
        {
            await using var gateway = await TestGateway.StartAsync(Config(origin.Url));
            await gateway.SendRawAsync(
                "POST /in/planted-secret?planted-secret=planted-secret HTTP/1.1\r\nHost: planted-secret\r\nAuthorization: planted-secret\r\nContent-Length: "
                    + "14\r\n\r\nplanted-secret");
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

    [Theory]
    [InlineData("http/protobuf", "/v1/logs")]
    [InlineData("grpc", "/opentelemetry.proto.collector.logs.v1.LogsService/Export")]
    public async Task Export_OfLogEntries_SendsThemWithTheirTraceAndWithoutDumps(string protocol, string path)
    {
        var received = new ConcurrentDictionary<string, string>();
        RequestDelegate collect = async context => received[context.Request.Path.Value!] = await BodyOfAsync(context);
        await using var collector = await (protocol == "grpc" ? KestrelOrigin.StartHttp2Async(collect) : KestrelOrigin.StartAsync(collect));
        var telemetry = new TelemetrySection { OtlpEndpoint = collector.Url.ToString(), Protocol = protocol, Logs = true, Metrics = false, Traces = false };
        var slot = new LogExportSlot();
        using var span = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        using (var export = TelemetryExport.Start(telemetry, "ward-7", NullLogger.Instance, TimeProvider.System, Guard.Limit)!)
        {
            slot.Current = export.Logs;
            using var log = new LogCapture(new LogSettings { Export = slot }, environment: "info,harmony.dump=info");
            using (log.Logger().BeginScope(new RequestScope("request-4711")))
                log.Logger().LogWarning(new EventId(2103, "Silent"), new InvalidDataException("it broke"), "backend '{Backend}' is silent", "exported-pacs");
            log.Logger().LogDebug("beneath the level");
            log.Logger("harmony.dump").LogInformation("planted-patient");
            Assert.Contains("planted-patient", log.Finish(), StringComparison.Ordinal);
        }

        var (arrived, body) = Assert.Single(received);
        Assert.Equal(path, arrived);
        foreach (var part in new[] { "ward-7", "harmony.http", "backend 'exported-pacs' is silent", "request_id", "request-4711", "event_id", "it broke" })
            Assert.Contains(part, body, StringComparison.Ordinal);
        Assert.Contains(Encoding.Latin1.GetString(Convert.FromHexString(span.TraceId.ToHexString())), body, StringComparison.Ordinal);
        foreach (var part in new[] { "beneath the level", "planted-patient" }) Assert.DoesNotContain(part, body, StringComparison.Ordinal);
    }

    /// <summary>By the configuration alone, from the reload that asks for log entries to the end.</summary>
    [Fact]
    public async Task Observation_AfterAReloadThatWantsLogs_SendsWhatIsLogged()
    {
        var bodies = new ConcurrentQueue<string>();
        await using var collector = await KestrelOrigin.StartAsync(async context => bodies.Enqueue(context.Request.Path + await BodyOfAsync(context)));
        var slot = new LogExportSlot();
        using var log = new LogCapture(new LogSettings { Export = slot }, level: "info");
        await using (var observation = new Observation(new AccessLogSlot(), new AccessLogSlot(), slot, NullLoggerFactory.Instance))
        {
            var without = await ConfigOfAsync("[telemetry]");
            observation.Begin(without);
            log.Logger().LogInformation("before");
            observation.Follow(without, await ConfigOfAsync($"[telemetry]\notlp_endpoint = \"{collector.Url}\"\nmetrics = false\ntraces = false\nlogs = true"));
            log.Logger().LogInformation("after");
            await Guard.UntilAsync(() => !bodies.IsEmpty); // sent in its turn; the end would not wait long for it
        }

        log.Logger().LogInformation("ended");
        var sent = Assert.Single(bodies);
        Assert.StartsWith("/v1/logs", sent, StringComparison.Ordinal);
        Assert.Contains("after", sent, StringComparison.Ordinal);
        foreach (var part in new[] { "before", "ended" }) Assert.DoesNotContain(part, sent, StringComparison.Ordinal);
    }

    private static async Task<ConfigSet> ConfigOfAsync(string telemetry)
    {
        await using var gateway = await TestGateway.StartAsync(Config(new Uri("http://127.0.0.1:1"))
            .Replace("[telemetry]", telemetry, StringComparison.Ordinal));
        return gateway.Snapshot.Config;
    }

    private static async Task<string> BodyOfAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return Encoding.Latin1.GetString(body.ToArray());
    }

    [Fact]
    public async Task Export_CollectorGone_RequestsAreServed()
    {
        var telemetry = new TelemetrySection { OtlpEndpoint = $"http://127.0.0.1:{FreePort.Take()}" };
        await using var origin = await KestrelOrigin.StartAsync(_ => Task.CompletedTask);
        using var export = TelemetryExport.Start(telemetry, "ward-7", NullLogger.Instance, TimeProvider.System);
        await using var gateway = await TestGateway.StartAsync(Config(origin.Url));
        Assert.Equal(200, (await gateway.SendRawAsync("GET", "/in/x")).Status);
    }

    /// <summary>Telemetry is lost then, never a request; the operator learns of it once.</summary>
    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task Collector_ThatGoesAway_IsOneLine_AndAnotherWhenItIsBack(string protocol)
    {
        var (status, requests) = (503, 0);
        RequestDelegate collect = context =>
        {
            Interlocked.Increment(ref requests);
            context.Response.StatusCode = Volatile.Read(ref status);
            context.Response.ContentType = "application/grpc";
            if (context.Response.SupportsTrailers()) context.Response.AppendTrailer("grpc-status", "0");
            return Task.CompletedTask;
        };
        await using var collector = await (protocol == "grpc" ? KestrelOrigin.StartHttp2Async(collect) : KestrelOrigin.StartAsync(collect));
        var telemetry = new TelemetrySection { OtlpEndpoint = collector.Url.ToString(), Protocol = protocol, Traces = false, MetricsIntervalSecs = 1 };
        var log = new RecordingLogger();
        using var export = TelemetryExport.Start(telemetry, "ward-7", log.CreateLogger("harmony"), TimeProvider.System)!;
        await Guard.UntilAsync(() => Volatile.Read(ref requests) >= 3);
        await log.FirstAsync(1010);
        Volatile.Write(ref status, 200);
        await log.FirstAsync(1011);
        Assert.Equal(1, log.Lines.Count(l => l.EventId == 1010));
        Assert.Contains("status 503", log.Lines.Single(l => l.EventId == 1010).Message, StringComparison.Ordinal);
    }

    /// <summary>The queue is bounded: what does not fit is dropped, however long the collector is silent.</summary>
    [Fact]
    public async Task Collector_ThatIsSilent_IsNotWaitedForWithMoreAndMore()
    {
        var (silence, taken) = (Guard.NewSignal(), 0);
        await using var collector = await KestrelOrigin.StartAsync(async context =>
        {
            var body = await BodyOfAsync(context);
            Interlocked.Add(ref taken, body.Split("entry-of-the-flood").Length - 1);
            await silence.Task.Guarded();
        });
        var telemetry = new TelemetrySection { OtlpEndpoint = $"{collector.Url}", Metrics = false, Traces = false, Logs = true };
        var slot = new LogExportSlot();
        using (var export = TelemetryExport.Start(telemetry, "ward-7", NullLogger.Instance, TimeProvider.System)!)
        {
            slot.Current = export.Logs;
            using var log = new LogCapture(new LogSettings { Export = slot }, level: "info");
            for (var i = 0; i < 20_000; i++) log.Logger().LogInformation("entry-of-the-flood");
            await Guard.UntilAsync(() => Volatile.Read(ref taken) > 0);
            silence.SetResult();
        }

        Assert.InRange(taken, 1, 2 * (2048 + 512)); // an entry holds its text once or twice
    }

    [Fact]
    public void Start_NoCollectorNamed_SendsNothing()
        => Assert.Null(TelemetryExport.Start(new TelemetrySection(), "ward-7", NullLogger.Instance, TimeProvider.System));

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
