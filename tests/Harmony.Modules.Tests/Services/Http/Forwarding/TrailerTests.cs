using System.Net;
using Harmony.Testing;

namespace Harmony.Modules.Tests.Services.Http.Forwarding;

public class TrailerTests
{
    private const string WithTrailers = "HTTP/1.1 200 OK\r\nTrailer: X-Sum, X-Name\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n3\r\nyou\r\n0\r\n"
        + "X-Sum: 1\r\nX-Name: J\u00FCrgen\r\nX-Sum: 2\r\nContent-Length: 7\r\nTransfer-Encoding: x\r\nConnection: close\r\n\r\n";

    [Fact]
    public async Task ResponseTrailers_Announced_ReachAnHttp1Client()
    {
        await using var origin = RawOrigin.Answering(WithTrailers);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        for (var i = 0; i < 2; i++)
        {
            await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\nTE: trailers\r\n\r\n");
            var answer = await RawAnswer.ReadAsync(client);
            Assert.Equal("hiyou", answer.Body);
            Assert.Equal(["X-Sum, X-Name"], answer["trailer"]);
            Assert.Equal(["chunked"], answer["transfer-encoding"]);
            Assert.Equal("X-Sum: 1\r\nX-Name: J\u00FCrgen\r\nX-Sum: 2\r\n", answer.Trailers);
        }
    }

    [Fact]
    public async Task ResponseTrailers_NotAnnounced_AreLeftOutForAnHttp1Client()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("GET", "/");
        Assert.Equal("hi", answer.Body);
        Assert.Equal("", answer.Trailers);
    }

    [Fact]
    public async Task ResponseTrailers_AnnouncedButAbsent_EndTheBodyCleanly()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("GET", "/");
        Assert.Equal("", answer.Body + answer.Trailers);
    }

    [Fact]
    public async Task ResponseTrailers_Announced_AreNothingToAnHttp10Client()
    {
        await using var origin = RawOrigin.Answering(WithTrailers);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        Assert.Equal("hiyou", (await gateway.SendRawAsync("GET / HTTP/1.0\r\nHost: h\r\n\r\n")).Body);
    }

    [Fact]
    public async Task ResponseTrailers_OfAnHttp1Origin_ReachAnHttp2Client()
    {
        await using var origin = RawOrigin.Answering(WithTrailers);
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true" }.StartAsync();
        using var client = TestClient.Http2(gateway.Url);
        using var answer = await client.GetAsync("/");
        Assert.Equal(HttpVersion.Version20, answer.Version);
        Assert.Equal("hiyou", await answer.Content.ReadAsStringAsync());
        Assert.Equal(["1", "2"], answer.TrailingHeaders.GetValues("x-sum"));
        Assert.False(answer.TrailingHeaders.Contains("content-length"));
    }

    [Fact]
    public async Task RequestTrailers_ThatHttpClientCannotSend_AreLeftOut()
    {
        (string Body, string Trailers) received = default;
        await using var origin = RawOrigin.Start(async connection =>
        {
            while (await connection.ReadHeadAsync() is not null)
            {
                received = await connection.ReadChunksAsync();
                await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        for (var i = 0; i < 2; i++)
        {
            await client.WriteAsync("POST / HTTP/1.1\r\nHost: h\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\nContent-Length: 50\r\n\r\n");
            Assert.Equal(200, (await RawAnswer.ReadAsync(client)).Status);
            Assert.Equal(("hi", ""), received);
        }

        Assert.All(origin.Heads, head => Assert.Empty(RawAnswer.FieldsOf(head, "trailer")));
    }
}
