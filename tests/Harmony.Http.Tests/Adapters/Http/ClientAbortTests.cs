using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

/// <summary>A client that goes takes its request to the origin with it.</summary>
public class ClientAbortTests
{
    private const string Patient = "timeout_secs = 3600"; // no end but the client's

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nsome")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsome")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nsome")]
    public async Task Client_GoneDuringTheAnswer_OriginSeesItsConnectionEnd(string sofar)
    {
        var (asked, ended) = (Guard.NewSignal(), Guard.NewSignal());
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync(sofar);
            asked.SetResult();
            await connection.WaitForEndAsync();
            ended.SetResult();
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, Patient);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await asked.Task.Guarded();
        if (sofar.Length > 0) await client.ReadHeadAsync();
        client.Reset();
        await ended.Task.Guarded();
    }

    [Fact]
    public async Task Client_GoneWhileItDoesNotRead_OriginSeesItsConnectionEnd()
    {
        var (held, ended) = (Guard.NewSignal(), Guard.NewSignal());
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3b9aca00\r\n");
            var piece = new byte[64 * 1024];
            try
            {
                while (true)
                {
                    var writing = connection.Stream.WriteAsync(piece, connection.Stop).AsTask();
                    if (await Task.WhenAny(writing, Task.Delay(300, connection.Stop)) != writing) held.TrySetResult();
                    await writing;
                }
            }
            catch (IOException)
            {
                ended.SetResult();
            }
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, Patient);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await held.Task.Guarded();
        client.Reset();
        await ended.Task.Guarded();
    }

    [Theory]
    [InlineData("Content-Length: 1000", "some", false)]
    [InlineData("Content-Length: 1000", "some", true)]
    [InlineData("Transfer-Encoding: chunked", "4\r\nsome\r\n", false)]
    [InlineData("Transfer-Encoding: chunked", "4\r\nsome\r\n", true)]
    public async Task Client_GoneDuringTheUpload_OriginSeesItsConnectionEnd(string framing, string sofar, bool reset)
    {
        var got = Guard.NewSignal();
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadUntilAsync("some");
            got.SetResult();
            ended.SetResult((await connection.ReadToEndAsync()).Text);
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, Patient);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync($"POST / HTTP/1.1\r\nHost: h\r\n{framing}\r\n\r\n{sofar}");
        await got.Task.Guarded();
        if (reset) client.Reset();
        else client.Dispose();
        Assert.DoesNotContain("0\r\n\r\n", await ended.Task.Guarded(), StringComparison.Ordinal);
        Assert.DoesNotContain(gateway.Log.Lines, l => l.EventId is 2005 or 2006 or 2007); // nobody's fault but the client's
    }

    [Fact]
    public async Task Stream_ResetByAnHttp2Client_OriginSeesItsConnectionEnd()
    {
        var ended = Guard.NewSignal();
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n");
            await connection.WaitForEndAsync();
            ended.SetResult();
        });
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true", Backend = Patient }.StartAsync();
        using var client = TestClient.Http2(gateway.Url);
        var answer = await client.SendAsync(TestClient.Http2Request(HttpMethod.Get, "/"), HttpCompletionOption.ResponseHeadersRead);
        answer.Dispose();
        await ended.Task.Guarded();
    }
}
