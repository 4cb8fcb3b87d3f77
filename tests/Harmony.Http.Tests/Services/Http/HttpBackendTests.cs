using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http;

public class HttpBackendTests
{
    [Fact]
    public async Task Get_OriginAnswers_AnswerComesThrough()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nhi");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET /x?y=1 HTTP/1.1\r\nHost: h\r\n\r\n");
        var head = await client.ReadHeadAsync();
        Assert.Contains("Set-Cookie: a=1\r\nSet-Cookie: b=2", head);
        Assert.Equal("hi", await client.ReadAsync(2));
        Assert.StartsWith("GET /x?y=1 HTTP/1.1", origin.Heads.Single());
    }
}
