using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Harmony.Core.Diagnostics;
using Harmony.Testing;

namespace Harmony.Http.Tests.Middleware.Webhook;

public sealed class WebhookMiddlewareTests
{
    private const int Failed = 2701;
    private const int QueueFull = 2702;
    private const int Undelivered = 2703;

    [Fact]
    public async Task Both_Request_IsToldTwiceRedactedAndWithCredentials()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var gateway = await WebhookConfig.StartAsync(
            receiver.Url, "apply = \"both\"\nredact_headers = [\"x-mine\"]", "sensitive_field_patterns = [\"x-patient-.*\", \"ssn\"]",
            "authentication = \"receiver\"");
        using var client = TestClient.Http1(gateway.Url);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders/7?api_key=SECRET1&page=2");
        foreach (var (name, value) in new[]
        {
            ("authorization", "Bearer SECRET2"), ("cookie", "session=SECRET3; a=SECRET4"), ("x-mine", "SECRET5"), ("x-patient-name", "SECRET6"),
            ("x-ssn", "SECRET7"), ("x-safe-header", "shown"),
        }) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var both = new[] { await receiver.NextAsync(), await receiver.NextAsync() }; // in any order: several are on their way at a time
        Assert.All(both, told => Assert.Equal("Basic " + Convert.ToBase64String("demo:demo123"u8), told.Authorization));
        Assert.All(both, told => Assert.DoesNotContain("SECRET", told.Document.ToJsonString(), StringComparison.Ordinal));
        var left = both.Single(told => told.Document["side"]!.GetValue<string>() == "left").Document;
        var right = both.Single(told => told.Document["side"]!.GetValue<string>() == "right").Document;
        Assert.Equal(("webhook", "hook"), (left["middleware"]!.GetValue<string>(), left["name"]!.GetValue<string>()));
        Assert.Equal(
            ("GET", "/orders/7?api_key=<redacted>&page=2"), (left["request"]!["method"]!.GetValue<string>(), left["request"]!["uri"]!.GetValue<string>()));
        Assert.Equal("<redacted>", left["request"]!["cookies"]!["session"]!.GetValue<string>());
        Assert.Equal("shown", left["request"]!["headers"]!["x-safe-header"]!.GetValue<string>());
        Assert.True(left.AsObject().ContainsKey("extra") && !left.AsObject().ContainsKey("response"));
        Assert.Equal(200, right["response"]!["status"]!.GetValue<int>());
        Assert.Equal("application/json", right["response"]!["content_metadata"]!["content_type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Receiver_Hangs_RequestsDoNotWaitAndOverflowIsCounted()
    {
        using var counted = new DropCounter();
        var hang = Guard.NewSignal();
        await using var receiver = await WebhookReceiver.StartAsync(_ => hang.Task);
        await using var gateway = await WebhookConfig.StartAsync(receiver.Url, "queue_size = 2\ndrain_secs = 0");
        using var client = TestClient.Http1(gateway.Url);
        for (var i = 0; i < 4; i++) // four are on their way at most
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
            await receiver.NextAsync();
        }

        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
        Assert.Contains("queue of 2 is full", (await gateway.Log.FirstAsync(QueueFull)).Message, StringComparison.Ordinal);
        Assert.Equal(3, counted.Of("queue_full"));

        await gateway.Snapshot.DisposeAsync();
        Assert.Contains("lost: 6", (await gateway.Log.FirstAsync(Undelivered)).Message, StringComparison.Ordinal);
        Assert.Equal(6, counted.Of("stopped"));
        hang.SetResult();
    }

    [Theory]
    [InlineData(500, true)]
    [InlineData(429, true)]
    [InlineData(404, false)]
    [InlineData(302, false)]
    public async Task Receiver_Refuses_TriedAgainWhereItMayHelp(int status, bool again)
    {
        using var counted = new DropCounter();
        var clock = new TestTimeProvider();
        await using var receiver = await WebhookReceiver.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var gateway = await WebhookConfig.StartAsync(receiver.Url, "max_retries = 2", clock: clock);
        using var client = TestClient.Http1(gateway.Url);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/patients/secret")).StatusCode);
        await receiver.NextAsync();
        for (var wait = 1; again && wait <= 2; wait++)
        {
            await clock.AdvanceToTimerAsync(TimeSpan.FromSeconds(wait));
            await receiver.NextAsync();
        }

        Assert.Equal($"webhook 'hook' could not deliver: '127.0.0.1' responded with {status}; documents since the last such message: 1",
            (await gateway.Log.FirstAsync(Failed)).Message);
        Assert.Equal(1, counted.Of("failed"));
    }

    [Fact]
    public async Task Receiver_DropsTheConnection_TriedAgainUntilItTakesTheDocument()
    {
        using var counted = new DropCounter();
        var clock = new TestTimeProvider();
        var drops = 2;
        await using var receiver = await WebhookReceiver.StartAsync(context =>
        {
            if (drops-- > 0) context.Abort();
            return Task.CompletedTask;
        });
        await using var gateway = await WebhookConfig.StartAsync(receiver.Url, "max_retries = 2", clock: clock);
        using var client = TestClient.Http1(gateway.Url);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
        await receiver.NextAsync();
        for (var wait = 1; wait <= 2; wait++)
        {
            await clock.TimerAsync(TimeSpan.FromSeconds(wait));
            clock.Advance(TimeSpan.FromSeconds(wait));
            await receiver.NextAsync();
        }

        await gateway.Snapshot.DisposeAsync();
        Assert.False(gateway.Log.Has(Failed));
        Assert.Equal(0, counted.Of("failed"));
    }

    [Fact]
    public async Task Receiver_IsNotThere_RequestIsAnsweredAndTheLogSaysSo()
    {
        await using var gateway = await WebhookConfig.StartAsync(new Uri($"http://127.0.0.1:{FreePort.Take()}/"), "max_retries = 0");
        using var client = TestClient.Http1(gateway.Url);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
        Assert.Contains("cannot be reached", (await gateway.Log.FirstAsync(Failed)).Message, StringComparison.Ordinal);
    }

    /// <summary>A step listed once for both ways is not in the way of the one it has nothing to do with.</summary>
    [Theory]
    [InlineData("left", 1, 0)]
    [InlineData("right", 0, 1)]
    [InlineData("both", 1, 1)]
    public async Task Apply_SaysOnWhichWayItStands(string apply, int left, int right)
    {
        await using var gateway = await WebhookConfig.StartAsync(new Uri("http://127.0.0.1:1/"), $"apply = \"{apply}\"");
        var pipeline = gateway.Snapshot.Pipelines.Single();
        Assert.Equal((left, right), (pipeline.Left.Count, pipeline.Right.Count));
    }

    [Fact]
    public async Task Stop_DocumentsWait_AreDeliveredFirst()
    {
        var release = Guard.NewSignal();
        await using var receiver = await WebhookReceiver.StartAsync(_ => release.Task);
        await using var gateway = await WebhookConfig.StartAsync(receiver.Url, "drain_secs = 30\ntimeout_secs = 30");
        using var client = TestClient.Http1(gateway.Url);
        for (var i = 0; i < 10; i++) await client.GetAsync("/");
        var stopped = gateway.Snapshot.DisposeAsync().AsTask();
        Assert.False(stopped.IsCompleted);
        release.SetResult();
        await stopped.Guarded();
        for (var i = 0; i < 10; i++) await receiver.NextAsync();
        Assert.False(gateway.Log.Has(Undelivered));
    }

    [Theory]
    [InlineData("http://169.254.169.254/", "", "link-local")]
    [InlineData("http://127.0.0.1:1/", "egress.allowed_hosts = [\"audit.example\"]", "allowed_hosts")]
    [InlineData("http://127.0.0.1:1/", "egress.allowed_schemes = [\"https\"]", "allowed_schemes")]
    [InlineData("http://127.0.0.1:1/", "egress.allowed_hosts = [\"a b\"]", "'a b' is not a host name")]
    [InlineData("http://127.0.0.1:1/", "egress.denied_addresses = [\"10.0.0.0/33\"]", "'10.0.0.0/33' is not an IP address")]
    [InlineData("http://127.0.0.1:1/", "sensitive_field_patterns = [\"(\"]", "neither a glob")]
    public async Task Load_EgressPolicyForbids_IsAnError(string receiver, string proxy, string expected)
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => WebhookConfig.StartAsync(new Uri(receiver), proxy: proxy));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    /// <summary>Listens to the counter of dropped documents. The meter is the process's; tests of one class run one after the other.</summary>
    private sealed class DropCounter : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentDictionary<string, long> _counts = new();

        public DropCounter()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == HarmonyMetrics.MeterName && instrument.Name == "harmony.webhook.dropped")
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
            {
                foreach (var tag in tags)
                {
                    if (tag is { Key: "reason", Value: string reason }) _counts.AddOrUpdate(reason, count, (_, sum) => sum + count);
                }
            });
            _listener.Start();
        }

        public long Of(string reason) => _counts.GetValueOrDefault(reason);

        public void Dispose() => _listener.Dispose();
    }
}
