using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

public class ExpectContinueTests
{
    [Fact]
    public async Task OriginSaysContinue_ClientIsToldAndSends()
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            var head = await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n");
            var body = await connection.ReadBodyAsync(head!);
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue", await client.ReadHeadAsync());
        var body = new string('x', 2000);
        await client.WriteAsync(body);
        Assert.Equal(body, (await RawAnswer.ReadAsync(client)).Body);
        Assert.Equal(["100-continue"], RawAnswer.FieldsOf(origin.Heads.Single(), "expect"));
    }

    [Theory]
    [InlineData("Content-Length: 5000", 417)]
    [InlineData("Content-Length: 5000", 401)]
    [InlineData("Transfer-Encoding: chunked", 413)]
    public async Task OriginRefusesAtOnce_ClientIsToldAndNeedNotSend(string framing, int status)
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync($"HTTP/1.1 {status} No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno");
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync($"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n{framing}\r\n\r\n");
        var answer = await RawAnswer.ReadAsync(client);
        Assert.Equal(status, answer.Status);
        Assert.Equal("no", answer.Body);
    }

    [Fact]
    public async Task OriginIsSilent_BodyIsSentAfterAWhile()
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            var body = await connection.ReadBodyAsync((await connection.ReadHeadAsync())!);
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue", await client.ReadHeadAsync());
        var body = new string('x', 2000);
        await client.WriteAsync(body);
        Assert.Equal(body, (await RawAnswer.ReadAsync(client)).Body);
    }

    [Fact]
    public async Task SmallBody_IsSentWithoutAsking()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue", await client.ReadHeadAsync());
        await client.WriteAsync("hi");
        Assert.Equal(401, (await RawAnswer.ReadAsync(client)).Status);
        Assert.Empty(RawAnswer.FieldsOf(origin.Heads.Single(), "expect"));
    }
}
