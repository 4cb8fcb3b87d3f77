using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http;

public class HealthTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private readonly TestTimeProvider _clock = new();

    [Fact]
    public async Task Passive_TargetFailsTooOften_IsLeftOutAndComesBack()
    {
        await using var bad = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            connection.Reset();
        });
        await using var good = RawOrigin.Answering(Ok);
        await using var gateway = await BackendConfig.StartAsync(
            BackendConfig.Sharing([bad.Url, good.Url], "max_retries = 0\npassive_health = { max_failures = 2, ejection_secs = 10 }"), clock: _clock);
        Assert.Equal("502 200 502 200 200 200", await StatusesAsync(gateway, 6));
        var down = (await gateway.Log.FirstAsync(2101)).Message;
        Assert.StartsWith(
            $"target 't0' of backend 'b' is down since {_clock.GetUtcNow():u}: it failed 2 times in a row and gets no requests for 10 s, then one at a time: ",
                down, StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("502 200 200 200", await StatusesAsync(gateway, 4)); // tried once, and out again
        Assert.Single(gateway.Log.Lines, l => l.EventId == 2101); // one outage, one line
    }

    [Fact]
    public async Task Passive_AnswersBreakOffInMidBody_CountAsFailures()
    {
        await using var bad = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart");
        });
        await using var good = RawOrigin.Answering(Ok);
        await using var gateway = await BackendConfig.StartAsync(
            BackendConfig.Sharing([bad.Url, good.Url], "load_balancing = \"first\"\npassive_health.max_failures = 2"), clock: _clock);
        for (var i = 0; i < 2; i++) await Assert.ThrowsAnyAsync<IOException>(() => gateway.SendRawAsync("GET", "/"));
        Assert.Equal("200", await StatusesAsync(gateway, 1));
        Assert.Equal(2, bad.Heads.Count);
    }

    [Fact]
    public async Task Passive_AllEjected_AreTriedAllTheSame()
    {
        var answers = false;
        await using var origin = RawOrigin.Start(async connection =>
        {
            while (await connection.ReadHeadAsync() is not null && Volatile.Read(ref answers)) await connection.WriteAsync(Ok);
        });
        await using var gateway = await BackendConfig.StartAsync(
            BackendConfig.Sharing([origin.Url, new Uri(origin.Url, "/other")], "max_retries = 0\npassive_health.max_failures = 1"), clock: _clock);
        Assert.Equal("502 502 502 502", await StatusesAsync(gateway, 4));
        Volatile.Write(ref answers, true);
        Assert.Equal("200 200", await StatusesAsync(gateway, 2));
    }

    [Fact]
    public async Task Passive_OneTarget_IsNeverCutOff_AndItsOutageIsOneLine()
    {
        await using var gateway = await TestGateway.ForwardingAsync(new Uri("http://127.0.0.1:1"), "max_retries = 0\npassive_health.max_failures = 1", _clock);
        Assert.Equal("502 502 502", await StatusesAsync(gateway, 3));
        Assert.False(gateway.Log.Has(2101));
        Assert.Contains("it still gets requests, because there is no other target: ", Assert.Single(gateway.Log.Lines, l => l.EventId == 2105).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Active_ThresholdsReached_TargetGoesAndComesBack()
    {
        var checks = new SemaphoreSlim(0);
        var status = 500;
        await using var ill = RawOrigin.Start(async connection =>
        {
            while (await connection.ReadHeadAsync() is { } head)
            {
                await connection.WriteAsync(IsCheck(head) ? $"HTTP/1.1 {Volatile.Read(ref status)} x\r\nContent-Length: 0\r\n\r\n" : Ok);
                if (IsCheck(head)) checks.Release();
            }
        });
        await using var well = RawOrigin.Answering(Ok);
        await using var gateway = await BackendConfig.StartAsync(
            BackendConfig.Sharing([new Uri(ill.Url, "/base"), well.Url],
                "load_balancing = \"first\"\nhealth_check = { path = \"/health\", interval_secs = 7, unhealthy_threshold = 3, healthy_threshold = 2 }"),
            clock: _clock);
        Assert.True(await checks.WaitAsync(Guard.Limit));
        await NextCheckAsync(checks);
        Assert.False(gateway.Log.Has(2102));
        await NextCheckAsync(checks);
        Assert.EndsWith(": it failed 3 health checks in a row and gets no requests: responded with 500 to the health check",
            (await gateway.Log.FirstAsync(2102)).Message, StringComparison.Ordinal);
        await StatusesAsync(gateway, 3);
        Assert.DoesNotContain(ill.Heads, head => !IsCheck(head));

        Volatile.Write(ref status, 204);
        await NextCheckAsync(checks);
        await NextCheckAsync(checks);
        Assert.StartsWith("target 't0' of backend 'b' is back after ", (await gateway.Log.FirstAsync(2103)).Message, StringComparison.Ordinal);
        await StatusesAsync(gateway, 3);
        Assert.Equal(3, ill.Heads.Count(head => !IsCheck(head)));
    }

    [Fact]
    public async Task Active_TargetHasAuthentication_CheckSendsIt()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await BackendConfig.StartAsync($"""
            [backends.b]
            service = "http"
            authentication = "a"
            options.base_url = "{origin.Url}"
            options.health_check.path = "health"
            [authentications.a]
            method = "bearer"
            options.token = "t"
            """, clock: _clock);
        await StatusesAsync(gateway, 1);
        await Guard.UntilAsync(() => origin.Heads.Count >= 2);
        Assert.Equal(["Bearer t"], RawAnswer.FieldsOf(origin.Heads.Single(head => head.StartsWith("GET /health ", StringComparison.Ordinal)), "authorization"));
    }

    [Fact]
    public async Task Active_TargetSpeaksHttp2Only_CheckDoes()
    {
        var asked = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = await KestrelOrigin.StartHttp2Async(context =>
        {
            asked.TrySetResult(context.Request.Protocol);
            return Task.CompletedTask;
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "http_version = \"2\"\nhealth_check.path = \"/\"", _clock);
        Assert.Equal("HTTP/2", await asked.Task.Guarded());
    }

    [Fact]
    public async Task Active_ConfigurationDisposed_ChecksEndAtOnce()
    {
        var asked = Guard.NewSignal();
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            asked.TrySetResult();
            await connection.WaitForEndAsync(); // no answer: the check is under way when its end comes
        });
        var gateway = await TestGateway.ForwardingAsync(origin.Url, "health_check.interval_secs = 1", _clock);
        await asked.Task.Guarded();
        await gateway.DisposeAsync().AsTask().Guarded();
        for (var i = 0; i < 10; i++) _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(origin.Heads);
    }

    [Fact]
    public async Task Active_TargetSilent_CheckFailsAfterItsTimeout()
    {
        var asked = new SemaphoreSlim(0);
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            asked.Release();
            await connection.WaitForEndAsync();
        });
        await using var gateway = await BackendConfig.StartAsync(
            BackendConfig.Sharing([origin.Url, new Uri(origin.Url, "/2")], "health_check = { timeout_secs = 3, unhealthy_threshold = 1 }"), clock: _clock);
        Assert.True(await asked.WaitAsync(Guard.Limit) && await asked.WaitAsync(Guard.Limit));
        _clock.Advance(TimeSpan.FromSeconds(4));
        await gateway.Log.FirstAsync(2102);
    }

    private static bool IsCheck(string head) => head.StartsWith("GET /base/health ", StringComparison.Ordinal);

    private static async Task<string> StatusesAsync(TestGateway gateway, int count)
    {
        var statuses = new List<int>();
        while (statuses.Count < count) statuses.Add((await gateway.SendRawAsync("GET", "/")).Status);
        return string.Join(' ', statuses);
    }

    /// <summary>Moves the clock on to the next check of both targets when their last ones have ended, and waits until it has been answered.</summary>
    private async Task NextCheckAsync(SemaphoreSlim checks)
    {
        await _clock.AdvanceToTimerAsync(TimeSpan.FromSeconds(7), count: 2);
        Assert.True(await checks.WaitAsync(Guard.Limit));
    }
}
