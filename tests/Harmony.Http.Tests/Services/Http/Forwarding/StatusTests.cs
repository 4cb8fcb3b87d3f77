using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

public class StatusTests
{
    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(207)]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(418)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(599)]
    public async Task Status_WithBody_ComesThrough(int status)
    {
        await using var origin = RawOrigin.Answering($"HTTP/1.1 {status} Reason\r\nContent-Length: 2\r\nLocation: http://elsewhere/\r\n\r\nhi");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("GET", "/");
        Assert.Equal(status, answer.Status);
        Assert.Equal("hi", answer.Body);
        Assert.Equal(["http://elsewhere/"], answer["location"]);
    }

    [Fact]
    public async Task NoContent_OnAKeptConnection_NextRequestIsServed()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        for (var i = 0; i < 2; i++)
        {
            await client.WriteAsync("DELETE / HTTP/1.1\r\nHost: h\r\n\r\n");
            var answer = await RawAnswer.ReadAsync(client);
            Assert.Equal(204, answer.Status);
            Assert.Empty(answer["content-length"]);
            Assert.Equal(["1"], answer["x-a"]);
        }
    }

    [Fact]
    public async Task NotModified_WithLengthAndEtag_KeepsBoth()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\nETag: W/\"x\"\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        for (var i = 0; i < 2; i++)
        {
            await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\nIf-None-Match: W/\"x\"\r\n\r\n");
            var answer = await RawAnswer.ReadAsync(client);
            Assert.Equal(304, answer.Status);
            Assert.Equal(["W/\"x\""], answer["etag"]);
            Assert.Equal(["77"], answer["content-length"]);
        }
    }

    [Fact]
    public async Task ResetContent_WithABodyAgainstTheRules_HasNone()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 205 Reset Content\r\nContent-Length: 2\r\n\r\nhi");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("POST", "/", "Content-Length: 0");
        Assert.Equal(205, answer.Status);
        Assert.Equal("", answer.Body);
    }

    [Fact]
    public async Task EmptyAnswer_OfLengthZero_SaysSo()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("GET", "/");
        Assert.Equal(["0"], answer["content-length"]);
        Assert.Equal("", answer.Body);
    }

    [Fact]
    public async Task EarlyHints_BeforeTheAnswer_DoNoHarm()
    {
        await using var origin = RawOrigin.Answering(
            "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("GET", "/");
        Assert.Equal(200, answer.Status);
        Assert.Equal("hi", answer.Body);
    }

    [Fact]
    public async Task SwitchingProtocols_ThatNobodyAskedFor_IsABadGateway()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("GET", "/");
        Assert.Equal(502, answer.Status);
    }

    [Theory]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nuntil the end")]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end")]
    public async Task CloseDelimitedAnswer_OfAnOldOrigin_IsFramedAnew(string bytes)
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync(bytes);
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        for (var i = 0; i < 2; i++) // the client's connection lives on though the origin's does not
        {
            await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            var answer = await RawAnswer.ReadAsync(client);
            Assert.Equal(["chunked"], answer["transfer-encoding"]);
            Assert.Empty(answer["connection"]);
            Assert.Equal("until the end", answer.Body);
        }
    }

    [Fact]
    public async Task OldClient_ChunkedAnswer_EndsWithTheConnection()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("GET / HTTP/1.0\r\nHost: h\r\n\r\n");
        Assert.Empty(answer["transfer-encoding"]);
        Assert.Equal("hi", answer.Body);
    }

    [Theory]
    [InlineData("garbage\r\n\r\n")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nbad name: 1\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")]
    [InlineData("")]
    public async Task Answer_ThatIsNotHttp_IsABadGateway(string bytes)
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync(bytes);
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "max_retries = 0");
        var answer = await gateway.SendRawAsync("GET", "/");
        Assert.Equal(502, answer.Status);
        Assert.Contains($"\"request_id\":\"{Assert.Single(answer["x-request-id"])}\"", answer.Body, StringComparison.Ordinal);
    }
}
