using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

/// <summary>An answer that breaks off never looks as if it had ended.</summary>
public class OriginAbortTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", "some", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", "some", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nsome\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nsome\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nso", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nsome\r\nxyz\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nTrailer: X-A\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nsome\r\n", false)]
    [InlineData("HTTP/1.0 200 OK\r\n\r\n", "some", true)]
    public async Task Origin_GoneInTheMiddle_BreaksAnHttp1Connection(string head, string sofar, bool reset)
    {
        var next = new SemaphoreSlim(0);
        await using var origin = BreakingOff(head, sofar, reset, next);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadHeadAsync());
        next.Release();
        var (text, _) = await client.ReadToEndAsync();
        Assert.DoesNotContain("\r\n0\r\n\r\n", text, StringComparison.Ordinal);
        Assert.True(text.Length < 100);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", "some", false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nsome\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nsome\r\n", true)]
    public async Task Origin_GoneInTheMiddle_ResetsAnHttp2Stream(string head, string sofar, bool reset)
    {
        var next = new SemaphoreSlim(0);
        await using var origin = BreakingOff(head, sofar, reset, next);
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true" }.StartAsync();
        using var client = TestClient.Http2(gateway.Url);
        using var answer = await client.SendAsync(TestClient.Http2Request(HttpMethod.Get, "/"), HttpCompletionOption.ResponseHeadersRead);
        next.Release();
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Origin_GoneInTheMiddle_ResetsAnHttp10ClientWhoseAnswerHasNoOtherEnd()
    {
        var next = new SemaphoreSlim(0);
        await using var origin = BreakingOff("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nsome\r\n", reset: false, next);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.0\r\nHost: h\r\n\r\n");
        await client.ReadHeadAsync();
        next.Release();
        Assert.True((await client.ReadToEndAsync()).Reset);
    }

    /// <summary>Head, part of the body and the end in one packet: nothing has been sent to the client when the fault is found.</summary>
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", "some")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", "")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nsome\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "bad\nchunk")]
    public async Task Origin_GoneAtOnce_NeverMakesAnAnswerThatLooksWhole(string head, string sofar)
    {
        await using var origin = BreakingOff(head, sofar, reset: false, new SemaphoreSlim(1));
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        for (var i = 0; i < 10; i++)
        {
            using var client = await RawConnection.OpenAsync(gateway.Address);
            await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            var (text, _) = await client.ReadToEndAsync();
            var isWhole = text.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal)
                && (text.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal) || text.Contains("Content-Length: 4\r\n", StringComparison.Ordinal));
            Assert.False(isWhole, text);
            Assert.DoesNotContain("some", text.StartsWith("HTTP/1.1 502", StringComparison.Ordinal) ? text : "", StringComparison.Ordinal);
        }

        Assert.DoesNotContain(gateway.Log.Lines, l => l.EventId == 2007);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Origin_GoneDuringTheUpload_IsABadGateway(bool reset)
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadAsync(1);
            if (reset) connection.Reset();
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "max_retries = 0");
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
        var answering = RawAnswer.ReadAsync(client);
        while (!answering.IsCompleted)
        {
            try
            {
                await client.WriteAsync("4\r\nsome\r\n");
            }
            catch (IOException)
            {
                break; // the answer may be followed by the end of the connection
            }

            await Task.Yield();
        }

        Assert.Equal(502, (await answering).Status);
    }

    private static RawOrigin BreakingOff(string head, string sofar, bool reset, SemaphoreSlim next) => RawOrigin.Start(async connection =>
    {
        await connection.ReadHeadAsync();
        if (next.CurrentCount > 0)
        {
            await connection.WriteAsync(head + sofar);
            return;
        }

        await connection.WriteAsync(head);
        await next.WaitAsync(connection.Stop);
        await connection.WriteAsync(sofar);
        if (reset) connection.Reset();
    });
}
