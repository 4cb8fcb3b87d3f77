using System.Diagnostics;
using Harmony.Core.Diagnostics;
using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

public sealed class RequestSpanTests
{
    private const string Secret = "planted-secret";

    [Fact]
    public async Task Request_Traced_ShowsItsStepsAndIsTheParentOfTheTargets()
    {
        using var spans = new RecordedSpans();
        string? parent = null, state = null;
        await using var origin = await KestrelOrigin.StartAsync(context =>
        {
            (parent, state) = (context.Request.Headers.TraceParent, context.Request.Headers.TraceState);
            return Task.CompletedTask;
        });
        await using var gateway = await StartAsync(origin.Url, "[telemetry]\nsample_ratio = 1.0");

        var answer = await gateway.SendRawAsync(
            "GET", $"/api/{Secret}?token={Secret}", $"traceparent: {spans.TraceParent}", "tracestate: vendor=1", $"Authorization: Bearer {Secret}");

        Assert.Equal(200, answer.Status);
        var all = await spans.CompleteAsync();
        Assert.Equal(
            ["pipeline shop", "middleware first", "middleware second", "backend orders", "target orders", "middleware second", "middleware first"],
            all.Select(s => s.DisplayName));
        var (request, backend, target) = (all[0], all[3], all[4]);
        Assert.Equal("00f067aa0ba902b7", request.ParentSpanId.ToHexString());
        Assert.All(all.Where(s => s != request && s != target), s => Assert.Equal(request.SpanId, s.ParentSpanId));
        Assert.Equal(backend.SpanId, target.ParentSpanId);
        Assert.Equal($"00-{spans.TraceId}-{target.SpanId}-01", parent);
        Assert.Equal("vendor=1", state);
        Assert.Equal([("harmony.network", "main"), ("http.request.method", "GET"), ("harmony.pipeline", "shop"), ("harmony.endpoint", "api"),
            ("http.response.status_code", 200)],
            request.TagObjects.Select(t => (t.Key, t.Value!)));
        Assert.DoesNotContain(all.SelectMany(s => s.TagObjects.Select(t => $"{t.Value}").Append(s.DisplayName)),
            text => text.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Target_Unreachable_IsAnErrorOfEveryStepAroundIt()
    {
        using var spans = new RecordedSpans();
        await using var gateway = await StartAsync(new Uri($"http://127.0.0.1:{FreePort.Take()}"), "[telemetry]\nsample_ratio = 1.0");

        Assert.Equal(502, (await gateway.SendRawAsync("GET", "/api/x", $"traceparent: {spans.TraceParent}")).Status);

        var all = await spans.CompleteAsync();
        Assert.All(all.Where(s => s.DisplayName is "pipeline shop" or "backend orders" or "target orders"), span =>
        {
            Assert.Equal(ActivityStatusCode.Error, span.Status);
            Assert.Equal("Unreachable", span.GetTagItem("error.type"));
            Assert.Null(span.StatusDescription);
        });
        Assert.Equal(2, all.Count(s => s.DisplayName == "target orders"));
    }

    [Theory]
    [InlineData("", "00")] // nobody asked for traces of this share
    [InlineData("[telemetry]\nsample_ratio = 0.0", "01")] // a client's wish does not count
    public async Task Request_NotSampled_TraceFieldsPassUntouched(string telemetry, string flags)
    {
        using var spans = telemetry.Length == 0 ? null : new RecordedSpans();
        var sent = $"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-{flags}";
        string? parent = null, state = null;
        await using var origin = await KestrelOrigin.StartAsync(context =>
        {
            (parent, state) = (context.Request.Headers.TraceParent, context.Request.Headers.TraceState);
            return Task.CompletedTask;
        });
        await using var gateway = await StartAsync(origin.Url, telemetry.Length == 0 ? "[telemetry]\nsample_ratio = 0.0" : telemetry);

        await gateway.SendRawAsync("GET", "/api/x", $"traceparent: {sent}", "tracestate: vendor=1");

        Assert.Equal((sent, "vendor=1"), (parent, state));
    }

    [Fact]
    public async Task Request_FromTrustedProxy_FollowsItsDecision()
    {
        using var spans = new RecordedSpans();
        await using var origin = await KestrelOrigin.StartAsync(_ => Task.CompletedTask);
        await using var gateway = await StartAsync(origin.Url, "[telemetry]\nsample_ratio = 0.0\n[network.main]\ntrusted_proxies = [\"127.0.0.1\"]");

        await gateway.SendRawAsync("GET", "/api/x", $"traceparent: {spans.TraceParent[..^2]}01");

        Assert.NotEmpty(await spans.CompleteAsync());
    }

    [Fact]
    public void RequestScope_WithinASpan_TellsTheTrace()
    {
        using var spans = new RecordedSpans();
        var parent = new ActivityContext(spans.TraceId, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);
        using var span = HarmonyTrace.Source.StartActivity("request", ActivityKind.Internal, parent);
        Assert.Equal($"request_id=r1 trace_id={spans.TraceId}", string.Join(' ', new RequestScope("r1").Select(f => $"{f.Key}={f.Value}")));
    }

    private static Task<TestGateway> StartAsync(Uri origin, string more) => TestGateway.StartAsync($"""
        {more}
        [proxy]
        name = "test"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [pipelines.shop]
        networks = ["main"]
        endpoints = ["api"]
        middleware = ["first", "second"]
        backends = ["orders"]
        [endpoints.api]
        service = "http"
        options.path_prefix = "/api"
        [middleware.first]
        type = "echo_both"
        [middleware.second]
        type = "echo_both"
        [backends.orders]
        service = "http"
        options.base_url = "{origin}"
        options.max_retries = 1
        """, extra: new BothSides());

    /// <summary>A middleware with something to do on both sides.</summary>
    private sealed class BothSides : Core.Modules.IModulePack, Core.Modules.IRequestMiddleware, Core.Modules.IResponseMiddleware
    {
        public void AddTo(Core.Modules.ModuleRegistryBuilder modules) => modules.Add(new Core.Modules.MiddlewareModule("echo_both", "Test.",
            Core.Modules.ModuleFactory<Core.Modules.MiddlewareContext, Core.Modules.IMiddleware>.From<Options>((_, _) => this)));

        public async ValueTask<Core.Pipeline.MiddlewareResult> OnRequestAsync(Core.Envelope.RequestEnvelope request, CancellationToken ct)
        {
            await Task.Yield();
            return Core.Pipeline.MiddlewareResult.Continue;
        }

        public ValueTask OnResponseAsync(Core.Envelope.ResponseEnvelope response, CancellationToken ct) => ValueTask.CompletedTask;

        private sealed record Options : Core.Configuration.ConfigNode;
    }
}
