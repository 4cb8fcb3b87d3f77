using System.Collections.Concurrent;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http;

public class RetryTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private const string Nowhere = "http://127.0.0.1:1";

    [Theory]
    [InlineData("GET", 4)]
    [InlineData("HEAD", 4)]
    [InlineData("OPTIONS", 4)]
    [InlineData("PUT", 4)]
    [InlineData("DELETE", 4)]
    [InlineData("POST", 1)]
    [InlineData("PATCH", 1)]
    [InlineData("SEARCH", 1)]
    public async Task Origin_ResetsEveryConnection_OnlyIdempotentMethodsAreRepeated(string method, int times)
    {
        await using var origin = Resetting();
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        Assert.Equal(502, (await gateway.SendRawAsync(method, "/")).Status);
        Assert.Equal(times, origin.Heads.Count);
    }

    /// <summary>Who has begun to answer has acted on the request.</summary>
    [Theory]
    [InlineData("GET", "nonsense\r\n\r\n")]
    [InlineData("DELETE", "nonsense\r\n\r\n")]
    [InlineData("DELETE", "HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("PUT", "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n")]
    public async Task Origin_BeginsToAnswer_NothingIsRepeated(string method, string answer)
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync(answer);
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        Assert.Equal(502, (await gateway.SendRawAsync(method, "/")).Status);
        Assert.Single(origin.Heads);
    }

    [Theory]
    [InlineData("options.max_retries = 0\nmax_retries = 1", 1)]
    [InlineData("options.max_retries = 2\nmax_retries = 1", 3)]
    [InlineData("max_retries = 1", 2)]
    [InlineData("", 3)]
    public async Task MaxRetries_InSeveralPlaces_OptionsGoOverBackendOverTarget(string backend, int times)
    {
        await using var origin = Resetting();
        await using var gateway = await BackendConfig.StartAsync(
            $"[targets.t]\nurl = \"{origin.Url}\"\nmax_retries = 2\n[backends.b]\nservice = \"http\"\ntarget_ref = \"t\"\n{backend}");
        await gateway.SendRawAsync("GET", "/");
        Assert.Equal(times, origin.Heads.Count);
    }

    [Fact]
    public async Task Method_SetByTheBackend_DecidesWhetherItIsRepeated()
    {
        await using var origin = Resetting();
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "method = \"POST\"");
        Assert.Equal(502, (await gateway.SendRawAsync("GET", "/")).Status);
        Assert.StartsWith("POST", origin.Heads.Single());
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task OneTarget_TakesNoConnection_TheOtherIsAsked(string method)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await BackendConfig.StartAsync(BackendConfig.Sharing([new Uri(Nowhere), origin.Url]));
        var answer = await gateway.SendRawAsync($"{method} / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
        Assert.Equal(200, answer.Status);
        Assert.Single(origin.Heads);
        await gateway.Log.FirstAsync(2104);
    }

    [Fact]
    public async Task OneTarget_BreaksOff_TheOtherIsAsked()
    {
        await using var bad = Resetting();
        await using var good = RawOrigin.Answering(Ok);
        await using var gateway = await BackendConfig.StartAsync(BackendConfig.Sharing([bad.Url, good.Url], "load_balancing = \"first\""));
        Assert.Equal(200, (await gateway.SendRawAsync("GET", "/")).Status);
        Assert.Equal((1, 1), (bad.Heads.Count, good.Heads.Count));
    }

    [Fact]
    public async Task Body_PartlySent_IsNotRepeated()
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadAsync(4);
            connection.Reset();
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\n\r\nhalf");
        // The rest is not there yet when the target breaks off: with it the request could be repeated.
        Assert.Equal(502, (await RawAnswer.ReadAsync(client)).Status);
        Assert.Single(origin.Heads);
    }

    [Fact]
    public async Task Body_InMemory_IsRepeatedWhole()
    {
        var bodies = new ConcurrentQueue<string>();
        await using var origin = RawOrigin.Start(async connection =>
        {
            bodies.Enqueue(await connection.ReadBodyAsync((await connection.ReadHeadAsync())!));
            if (bodies.Count == 2) await connection.WriteAsync(Ok);
            else connection.Reset();
        });
        await using var gateway = await TestGateway.StartAsync(
            BackendConfig.With($"[backends.b]\nservice = \"http\"\noptions.base_url = \"{origin.Url}\"", "\"buffer\""),
            extra: new WatchedBackends());
        var answer = await gateway.SendRawAsync("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
        Assert.Equal(200, answer.Status);
        Assert.Equal(["body", "body"], bodies);
    }

    [Theory]
    [InlineData("POST", 2)]
    [InlineData("PATCH", 2)]
    public async Task Connection_UsedBeforeAndClosedUnderUs_NothingUnsafeIsSentTwice(string method, int times)
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync(Ok);
            await connection.ReadHeadAsync(); // and closes instead of an answer
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        Assert.Equal(200, (await gateway.SendRawAsync(method, "/")).Status);
        Assert.Equal(502, (await gateway.SendRawAsync(method, "/")).Status);
        Assert.Equal(times, origin.Heads.Count);
    }

    /// <summary><c>max_retries</c> counts everything that is sent more than once.</summary>
    [Theory]
    [InlineData("GET", 0, 502, 2)]
    [InlineData("GET", 1, 200, 3)]
    [InlineData("DELETE", 0, 502, 2)]
    [InlineData("DELETE", 1, 200, 3)]
    public async Task Connection_UsedBeforeAndClosedUnderUs_GoesOutAgainWhereRetriesAreLeft(string method, int maxRetries, int status, int times)
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync(Ok);
            await connection.ReadHeadAsync(); // and closes instead of an answer
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, $"max_retries = {maxRetries}");
        Assert.Equal(200, (await gateway.SendRawAsync(method, "/")).Status);
        Assert.Equal(status, (await gateway.SendRawAsync(method, "/")).Status);
        Assert.Equal(times, origin.Heads.Count);
    }

    /// <summary>What is logged in the end says where it was thrown first.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Fault_ThatWasHandedOn_KeepsItsStack(int maxRetries)
    {
        await using var gateway = await TestGateway.ForwardingAsync(new Uri(Nowhere), $"max_retries = {maxRetries}");
        Assert.Equal(502, (await gateway.SendRawAsync("GET", "/")).Status);
        Assert.Contains("HttpForwarder.SendAsync", (await gateway.Log.FirstAsync(2005)).Exception!.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upgrade_OriginResets_IsNotRepeated()
    {
        await using var origin = Resetting();
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        Assert.Equal(502, (await gateway.SendRawAsync("GET", "/", "Connection: Upgrade", "Upgrade: websocket")).Status);
        Assert.Single(origin.Heads);
    }

    [Fact]
    public async Task Backoff_OverTenTries_GrowsWithJitterAndIsBounded()
    {
        var clock = new TestTimeProvider();
        await using var gateway = await TestGateway.ForwardingAsync(new Uri(Nowhere), "max_retries = 10", clock);
        var answer = gateway.SendRawAsync("GET", "/");
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 10; i++)
        {
            waits.Add(await clock.TimerAsync(due => due <= TimeSpan.FromSeconds(2)));
            clock.Advance(waits[^1]);
        }

        Assert.Equal(502, (await answer).Status);
        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        Assert.InRange(waits.Distinct().Count(), 4, 10);
        Assert.InRange(waits[0], TimeSpan.Zero, TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public async Task Client_GoesWhileItWaits_NoFurtherTry()
    {
        var clock = new TestTimeProvider();
        await using var origin = Resetting();
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "", clock);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await clock.TimerAsync(due => due <= TimeSpan.FromSeconds(2));
        client.Reset();
        await gateway.Log.FirstAsync(2003);
        clock.Advance(TimeSpan.FromSeconds(10));
        await gateway.Snapshot.CloseAsync().Guarded();
        Assert.Single(origin.Heads);
    }

    private static RawOrigin Resetting() => RawOrigin.Start(async connection =>
    {
        await connection.ReadHeadAsync();
        connection.Reset();
    });
}
