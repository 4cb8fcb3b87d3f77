using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

/// <summary>A FIN behind a whole request says that no other request follows, and nothing else (RFC 9112 §9.6). Devices do that.</summary>
public class HalfClosedClientTests
{
    public static MatrixTheoryData<int, bool, bool> Requests => new([0, 100, 200_000], [false, true], [false, true]);

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_AndTheEnd_IsDelivered(int size, bool closes, bool tls)
    {
        var got = new SemaphoreSlim(0);
        await using var origin = RawOrigin.Start(async connection =>
        {
            var head = await connection.ReadHeadAsync();
            if (head is null || (await connection.ReadBodyAsync(head)).Length != size) return;
            got.Release();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        });
        await using var gateway = await new ForwardingConfig(origin.Url) { Tls = tls }.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            using var client = tls ? await RawTls.OpenAsync(gateway.Address) : await RawConnection.OpenAsync(gateway.Address);
            await client.WriteAsync($"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {size}\r\n\r\n{new string('a', size)}");
            await client.EndSendingAsync();
            if (closes && !tls) client.Dispose();
            else Assert.Equal("ok", (await RawAnswer.ReadAsync(client)).Body);
            Assert.True(await got.WaitAsync(Guard.Limit));
        }
    }

    [Fact]
    public async Task Response_ThatTakesItsTime_ComesWhole()
    {
        var (asked, answer) = (Guard.NewSignal(), Guard.NewSignal());
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            asked.SetResult();
            await answer.Task;
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n{new string('z', 5_000_000)}");
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        client.EndSending();
        await asked.Task.Guarded();
        await Task.Delay(1500); // longer than a half-closed connection is left unwatched
        answer.SetResult();
        Assert.Equal(5_000_000, (await RawAnswer.ReadAsync(client)).Body.Length);
        Assert.Equal("", (await client.ReadToEndAsync()).Text); // and the connection ends
    }

    [Fact]
    public async Task Requests_PipelinedBeforeTheEnd_AreAllAnswered()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync(string.Concat(Enumerable.Repeat("GET / HTTP/1.1\r\nHost: h\r\n\r\n", 3)));
        client.EndSending();
        var (text, reset) = await client.ReadToEndAsync();
        Assert.Equal((3, false), (text.Split("\r\n\r\nok").Length - 1, reset));
    }

    [Fact]
    public async Task Body_CutByTheEnd_NeverReachesTheOriginAsWhole_AndIsNobodysFault()
    {
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            ended.SetResult((await connection.ReadToEndAsync()).Text);
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n");
        client.EndSending();
        Assert.DoesNotContain("0\r\n\r\n", await ended.Task.Guarded(), StringComparison.Ordinal);
        await gateway.Log.FirstAsync(2003);
        Assert.DoesNotContain(gateway.Log.Lines, l => l.EventId is >= 2004 and <= 2007);
    }

    /// <summary>What looks like half of an end was the whole, and the client says so when it gets something.</summary>
    [Fact]
    public async Task Client_ThatHasGone_IsNoticedWhenSomethingIsSent()
    {
        var ended = Guard.NewSignal();
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
            await connection.WaitForEndAsync();
            ended.SetResult();
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        client.Dispose();
        await ended.Task.Guarded();
    }
}
