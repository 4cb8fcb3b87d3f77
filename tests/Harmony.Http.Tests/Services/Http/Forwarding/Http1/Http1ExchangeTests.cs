using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding.Http1;

public class Http1ExchangeTests
{
    /// <summary>An answer that comes early says nothing about the rest of the upload: no image is lost by it.</summary>
    [Theory]
    [InlineData("Transfer-Encoding: chunked", "4\r\nmore\r\n", "0\r\n\r\n")]
    [InlineData("Content-Length: 40", "more", "")]
    public async Task Upload_AnsweredAtOnce_ArrivesWhole(string framing, string piece, string end)
    {
        var received = new TaskCompletionSource<string>();
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 202 Fine\r\nContent-Length: 4\r\n\r\nfine");
            received.TrySetResult(end.Length > 0 ? (await connection.ReadChunksAsync()).Body : await connection.ReadAsync(40));
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync($"POST / HTTP/1.1\r\nHost: h\r\n{framing}\r\n\r\n{piece}");
        Assert.Equal("HTTP/1.1 202 Fine", (await client.ReadHeadAsync())!.Split('\r')[0]);
        for (var i = 1; i < 10; i++) await client.WriteAsync(piece);
        await client.WriteAsync(end);
        Assert.Equal(string.Concat(Enumerable.Repeat("more", 10)), await received.Task.Guarded());
    }

    [Fact]
    public async Task InterimAnswers_WithoutEnd_AreABadGateway()
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            for (var i = 0; i < 1000; i++) await connection.WriteAsync("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n");
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "max_retries = 0");
        Assert.Equal(502, (await gateway.SendRawAsync("GET", "/")).Status);
    }

    [Fact]
    public async Task Head_WithoutEnd_IsABadGateway()
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nX-A: " + new string('a', 100_000));
            await connection.WaitForEndAsync();
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "max_retries = 0");
        Assert.Equal(502, (await gateway.SendRawAsync("GET", "/")).Status);
    }

    [Theory]
    [InlineData("POST", true)]
    [InlineData("PATCH", true)]
    [InlineData("GET", false)]
    [InlineData("DELETE", false)]
    public async Task Method_ThatUsuallyHasABody_SaysThatThereIsNone(string method, bool says)
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        await gateway.SendRawAsync(method, "/");
        Assert.Equal(says ? ["0"] : [], RawAnswer.FieldsOf(origin.Heads.Single(), "content-length"));
    }
}
