using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding.Http1;

public class Http1PoolTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Fact]
    public async Task Connection_ThatIsGood_IsUsedAgainUntilItIsOld()
    {
        var clock = new TestTimeProvider();
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "", clock);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("ok", (await gateway.SendRawAsync("GET", "/")).Body);
            await gateway.SettledAsync(); // the connection is free when the request has ended
        }

        Assert.Equal(1, origin.Connections);
        clock.Advance(TimeSpan.FromSeconds(56));
        Assert.Equal("ok", (await gateway.SendRawAsync("GET", "/")).Body);
        Assert.Equal(2, origin.Connections);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Connection_ThatTheOriginClosed_IsNotUsed(string method)
    {
        var closed = new SemaphoreSlim(0);
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync(Ok);
            connection.Dispose();
            closed.Release();
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "max_retries = 0");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("ok", (await gateway.SendRawAsync(method, "/")).Body);
            await closed.WaitAsync().Guarded();
        }
    }

    /// <summary>Bytes behind an answer would be taken for the next one: somebody else's.</summary>
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen")]
    [InlineData("HTTP/1.1 204 No\r\nContent-Length: 9\r\n\r\nunwelcome")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen")]
    public async Task BytesBehindAnAnswer_AreNobodysAnswer(string answer)
    {
        await using var origin = RawOrigin.Answering(answer);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        for (var i = 0; i < 3; i++) Assert.True((await gateway.SendRawAsync("GET", "/")).Body is "ok" or "");
        Assert.Equal(3, origin.Connections);
    }
}
