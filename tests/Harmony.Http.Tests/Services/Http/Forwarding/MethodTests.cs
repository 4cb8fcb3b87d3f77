using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

public class MethodTests
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("PROPFIND")]
    [InlineData("X-Custom!1")]
    public async Task Method_OfAnyName_ReachesTheOrigin(string method)
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync(method, "/a");
        Assert.Equal(200, answer.Status);
        Assert.Equal("ok", answer.Body);
        Assert.StartsWith($"{method} /a HTTP/1.1\r\n", origin.Heads.Single());
    }

    [Fact]
    public async Task Head_OriginDeclaresLength_LengthIsKeptAndNoBodyFollows()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nETag: \"1\"\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        for (var i = 0; i < 2; i++)
        {
            await client.WriteAsync("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n");
            var answer = await RawAnswer.ReadAsync(client, "HEAD");
            Assert.Equal(["1234"], answer["content-length"]);
            Assert.Equal(["\"1\""], answer["etag"]);
        }

        Assert.All(origin.Heads, head => Assert.StartsWith("HEAD /a", head));
    }

    [Fact]
    public async Task Head_OriginWouldSendChunks_NoLengthIsInvented()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("HEAD", "/a");
        Assert.Empty(answer["content-length"]);
    }

    [Theory]
    [InlineData("get")]
    [InlineData("Delete")]
    [InlineData("hEAD")]
    public async Task Method_InOtherLetterCase_IsRefused(string method)
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        Assert.Equal(400, (await gateway.SendRawAsync(method, "/a")).Status);
        Assert.Empty(origin.Heads);
    }

    [Fact]
    public async Task Connect_ToAHost_IsRefusedAndNothingIsOpened()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("CONNECT internal:22 HTTP/1.1\r\nHost: internal:22\r\n\r\n");
        Assert.InRange(answer.Status, 400, 499);
        Assert.Equal(0, origin.Connections);
    }

    [Fact]
    public async Task Method_OfTheBackendsOptions_ReplacesTheClients()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "method = \"PUT\"");
        await gateway.SendRawAsync("POST", "/a", "Content-Length: 0");
        Assert.StartsWith("PUT /a", origin.Heads.Single());
    }
}
