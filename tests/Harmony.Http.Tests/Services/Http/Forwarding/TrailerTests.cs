using System.Net;
using Harmony.Testing;
using Microsoft.AspNetCore.Http;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

public class TrailerTests
{
    private const string WithTrailers = "HTTP/1.1 200 OK\r\nTrailer: X-Sum, X-Name\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n3\r\nyou\r\n0\r\n"
        + "X-Sum: 1\r\nX-Name: J\u00FCrgen\r\nX-Sum: 2\r\nContent-Length: 7\r\nTransfer-Encoding: x\r\nConnection: close\r\n\r\n";

    private (string Body, string Trailers) _received;

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

    [Theory]
    [InlineData("Trailer: X-Sum\r\n", "X-Sum: 1\r\nX-Name: J\u00FCrgen\r\nX-Sum: 2\r\n", "X-Sum: 1\r\nX-Sum: 2\r\nX-Name: J\u00FCrgen\r\n")]
    [InlineData("", "X-Sum: 1\r\n", "X-Sum: 1\r\n")] // an announcement is a courtesy
    [InlineData("Trailer: X-Sum\r\n", "", "")]
    [InlineData("", "Content-Length: 50\r\nX-Sum: 1\r\nHost: evil\r\nTrailer: x\r\nContent-Type: a/b\r\nCookie: a=b\r\nIf-Match: x\r\n", "X-Sum: 1\r\n")]
    [InlineData("", "Connection: close\r\nTE: trailers\r\nUpgrade: x\r\nKeep-Alive: 1\r\nProxy-Authorization: x\r\nX-Sum: 1\r\n", "X-Sum: 1\r\n")]
    [InlineData("", "Authorization: Bearer x\r\nX-Forwarded-For: 10.0.0.1\r\nForwarded: for=x\r\nx-request-id: 1\r\nVia: x\r\nX-Real-IP: x\r\n", "")]
    [InlineData("X-User: ann\r\n", "X-User: root\r\nX-Own: mine\r\nX-Key: mine\r\nX-Sum: 1\r\n", "X-Sum: 1\r\n")] // what the head says stays said
    [InlineData("Connection: X-Hop\r\n", "X-Hop: 1\r\n", "")]
    public async Task RequestTrailers_OfAnHttp1Client_ReachAnHttp1Origin(string fields, string sent, string expected)
    {
        await using var origin = RawOrigin.Start(ReceiveAsync);
        await using var gateway = await BackendConfig.StartAsync($$"""
            [backends.b]
            service = "http"
            authentication = "key"
            options = { base_url = "{{origin.Url}}", headers = { X-Own = "ours" } }
            [authentications.key]
            method = "api_key"
            options = { header_name = "X-Key", api_key = "ours" }
            """);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        for (var i = 0; i < 2; i++)
        {
            await client.WriteAsync($"POST / HTTP/1.1\r\nHost: h\r\n{fields}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n3\r\nyou\r\n0\r\n{sent}\r\n");
            Assert.Equal(200, (await RawAnswer.ReadAsync(client)).Status);
            Assert.Equal(("hiyou", expected), _received);
        }

        Assert.All(origin.Heads, head => Assert.Equal(fields.StartsWith("Trailer", StringComparison.Ordinal)
            ? ["X-Sum"]
            : [], RawAnswer.FieldsOf(head, "trailer")));
    }

    [Theory]
    [InlineData("1", "x-sum: 1\r\n")]
    [InlineData("1\r\nx-evil: 2", null)]
    public async Task RequestTrailers_OfAnHttp2Client_ReachAnHttp1Origin(string value, string? expected)
    {
        await using var origin = RawOrigin.Start(ReceiveAsync);
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true" }.StartAsync();
        using var client = await RawHttp2.OpenAsync(gateway.Address);
        await client.SendAsync(RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders, 1, RawHttp2.Post()));
        await client.SendAsync(RawHttp2.Frame(RawHttp2.Data, 0, 1, "hi"u8));
        await client.SendAsync(
            RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders | RawHttp2.EndStream, 1, RawHttp2.Trailers(("x-sum", value), ("content-length", "50"))));
        await client.ReadUntilAsync(RawHttp2.Headers, RawHttp2.RstStream, RawHttp2.GoAway).Guarded();
        if (expected is null) Assert.Equal(default, _received);
        else Assert.Equal(("hi", expected), _received);
    }

    [Fact]
    public async Task RequestTrailers_OfABodyThatWasReadWhole_AreLeftOut()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.StartAsync(
            BackendConfig.With($"[backends.b]\nservice = \"http\"\noptions.base_url = \"{origin.Url}\"", "\"buffer\""), extra: new WatchedBackends());
        Assert.Equal(200, (await gateway.SendRawAsync(
            "POST / HTTP/1.1\r\nHost: h\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n")).Status);
        Assert.Empty(RawAnswer.FieldsOf(origin.Heads.Single(), "trailer"));
    }

    [Fact]
    public async Task RequestTrailers_ToATargetOfHttp2_AreLeftOut()
    {
        await using var origin = await KestrelOrigin.StartHttp2Async(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync($"{await reader.ReadToEndAsync()} {context.Request.Headers.Trailer} {context.Request.GetTrailer("x-sum")}");
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "http_version = \"2\"");
        Assert.Equal("hi  ", (await gateway.SendRawAsync(
            "POST / HTTP/1.1\r\nHost: h\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n")).Body);
    }

    private async Task ReceiveAsync(RawConnection connection)
    {
        while (await connection.ReadHeadAsync() is not null)
        {
            _received = await connection.ReadChunksAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
    }
}
