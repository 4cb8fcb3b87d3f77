using System.Text;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

public class BodyTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    /// <summary>Every octet, line ends and framing-like text included.</summary>
    private static readonly string Octets = Encoding.Latin1.GetString([.. Enumerable.Range(0, 256).Select(i => (byte)i)])
        + "\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n";

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData("application/json")]
    [InlineData("text/plain; charset=utf-16")]
    [InlineData("multipart/related; boundary=none")]
    [InlineData(";;;")]
    public async Task RequestBody_OfDeclaredLength_ArrivesByteForByte(string contentType)
    {
        string? body = null;
        await using var origin = RawOrigin.Start(async connection =>
        {
            body = await connection.ReadBodyAsync((await connection.ReadHeadAsync())!);
            await connection.WriteAsync(Ok);
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer =
            await gateway.SendRawAsync($"POST / HTTP/1.1\r\nHost: h\r\nContent-Type: {contentType}\r\nContent-Length: {Octets.Length}\r\n\r\n{Octets}");
        Assert.Equal(200, answer.Status);
        Assert.Equal(Octets, body);
        Assert.Equal([contentType], RawAnswer.FieldsOf(origin.Heads.Single(), "content-type"));
        Assert.Equal([Octets.Length.ToString()], RawAnswer.FieldsOf(origin.Heads.Single(), "content-length"));
        Assert.Empty(RawAnswer.FieldsOf(origin.Heads.Single(), "transfer-encoding"));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("SEARCH")]
    public async Task RequestBody_InChunksWithExtensions_IsFramedAnew(string method)
    {
        string? body = null;
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            (body, _) = await connection.ReadChunksAsync();
            await connection.WriteAsync(Ok);
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync(
            $"{method} / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
                + $"CHUNKED\r\n\r\n3;a=b;c=\"d\"\r\nabc\r\n{Octets.Length:X8}\r\n{Octets}\r\n000;last\r\nX-Trailer: 1\r\n\r\n");
        Assert.Equal(200, answer.Status);
        Assert.Equal("abc" + Octets, body);
        Assert.Equal(["chunked"], RawAnswer.FieldsOf(origin.Heads.Single(), "transfer-encoding"));
        Assert.Empty(RawAnswer.FieldsOf(origin.Heads.Single(), "content-length"));
    }

    [Fact]
    public async Task RequestBody_EmptyChunked_IsStillABody()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        Assert.Equal(200, answer.Status);
    }

    [Theory]
    [InlineData("POST", true)]
    [InlineData("GET", false)]
    public async Task RequestWithoutBody_DeclaresNoneButWhereOneIsExpected(string method, bool declaresLength)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        await gateway.SendRawAsync(method, "/", declaresLength ? ["Content-Length: 0"] : []);
        Assert.Equal(declaresLength ? ["0"] : [], RawAnswer.FieldsOf(origin.Heads.Single(), "content-length"));
        Assert.Empty(RawAnswer.FieldsOf(origin.Heads.Single(), "transfer-encoding"));
    }

    [Fact]
    public async Task ResponseBody_OfDeclaredLength_ArrivesByteForByte()
    {
        await using var origin = RawOrigin.Answering($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Octets.Length}\r\n\r\n{Octets}");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("GET", "/");
        Assert.Equal(Octets, answer.Body);
        Assert.Equal([Octets.Length.ToString()], answer["content-length"]);
        Assert.Empty(answer["transfer-encoding"]);
    }

    [Fact]
    public async Task ResponseBody_InChunksWithExtensions_IsFramedAnew()
    {
        await using var origin =
            RawOrigin.Answering($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n{Octets.Length:x}\r\n{Octets}\r\n0;y\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("GET", "/");
        Assert.Equal("abc" + Octets, answer.Body);
        Assert.Equal(["chunked"], answer["transfer-encoding"]);
    }

    [Fact]
    public async Task ResponseBody_ChunkedWithALengthBeside_IsReadAsChunks()
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("GET", "/");
        Assert.Equal("abc", answer.Body);
        Assert.Empty(answer["content-length"]);
    }

    [Fact]
    public async Task Requests_PipelinedWithBodies_AreAnsweredInOrder()
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            while (await connection.ReadHeadAsync() is { } head)
            {
                var body = await connection.ReadBodyAsync(head);
                await connection.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
            }
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync(
            string.Concat(Enumerable.Range(1, 5).Select(i => $"POST /{i} HTTP/1.1\r\nHost: h\r\nContent-Length: {i}\r\n\r\n{new string((char)('0' + i), i)}")));
        for (var i = 1; i <= 5; i++) Assert.Equal(new string((char)('0' + i), i), (await RawAnswer.ReadAsync(client)).Body);
    }
}
