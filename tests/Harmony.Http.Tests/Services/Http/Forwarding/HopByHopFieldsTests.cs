using Harmony.Http.Services.Http.Forwarding;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

public class HopByHopFieldsTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Fact]
    public async Task RequestFields_HopByHop_AreNotForwarded()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        await gateway.SendRawAsync("GET", "/", "Connection: X-Mine, x-other", "Connection: X-Third", "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive",
            "Proxy-Authorization: Basic x", "TE: gzip", "Upgrade: something", "X-Mine: 1", "X-Other: 2", "X-Third: 3", "X-Kept: 4", "HTTP2-Settings: AAMAAABk",
                "Trailer: X-T");
        var head = origin.Heads.Single();
        foreach (var name in new[] { "connection", "keep-alive", "proxy-connection", "proxy-authorization", "te", "upgrade", "x-mine", "x-other", "x-third",
            "http2-settings", "trailer" })
        {
            Assert.Empty(RawAnswer.FieldsOf(head, name));
        }

        Assert.Equal(["4"], RawAnswer.FieldsOf(head, "x-kept"));
    }

    /// <summary>Of such lists the web server keeps one word, so that what else they name would be passed on.</summary>
    [Theory]
    [InlineData("close, X-Mine", 400)]
    [InlineData("X-Mine,keep-alive", 400)]
    [InlineData("X-Mine, Upgrade", 400)]
    [InlineData("keep-alive, TE", 200)]
    [InlineData("Upgrade, HTTP2-Settings", 200)]
    [InlineData("close , keep-alive", 200)]
    [InlineData("X-Mine, X-Other", 200)]
    public async Task ConnectionField_NamesFieldsBesideAnOption_IsRefused(string list, int status)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        Assert.Equal(status, (await gateway.SendRawAsync("GET", "/", $"Connection: {list}", "X-Mine: 1", "TE: trailers")).Status);
    }

    [Fact]
    public async Task ConnectionField_NamesHostAndLength_TheyStay()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "preserve_host = true");
        await gateway.SendRawAsync(
            "POST / HTTP/1.1\r\nHost: gateway.example\r\nConnection: Host, Content-Length, X-Forwarded-For, x-request-id\r\nContent-Length: 2\r\n\r\nhi");
        var head = origin.Heads.Single();
        Assert.Equal(["gateway.example"], RawAnswer.FieldsOf(head, "host"));
        Assert.Equal(["2"], RawAnswer.FieldsOf(head, "content-length"));
        Assert.Equal(["127.0.0.1"], RawAnswer.FieldsOf(head, "x-forwarded-for"));
        Assert.Single(RawAnswer.FieldsOf(head, "x-request-id"));
    }

    [Fact]
    public async Task ResponseFields_HopByHop_AreNotForwarded()
    {
        await using var origin = RawOrigin.Answering(
            "HTTP/1.1 200 OK\r\nConnection: X-Mine, keep-alive, Content-Length\r\nX-Mine: 1\r\nKeep-Alive: timeout=5\r\nProxy-Authenticate: Basic\r\nUpgrade: "
                + "h2c\r\n"
            + "Proxy-Connection: close\r\nX-Kept: 4\r\nContent-Length: 2\r\n\r\nhi");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("GET", "/");
        foreach (var name in new[] { "connection", "x-mine", "keep-alive", "proxy-authenticate", "upgrade", "proxy-connection" }) Assert.Empty(answer[name]);
        Assert.Equal(["4"], answer["x-kept"]);
        Assert.Equal("hi", answer.Body);
    }

    [Fact]
    public async Task ConnectionClose_OfTheOrigin_LeavesTheClientsConnectionOpen()
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi");
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        for (var i = 0; i < 3; i++)
        {
            await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            var answer = await RawAnswer.ReadAsync(client);
            Assert.Empty(answer["connection"]);
            Assert.Equal("hi", answer.Body);
        }
    }

    [Fact]
    public async Task ConnectionClose_OfTheClient_LeavesTheOriginsConnectionOpen()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        for (var i = 0; i < 3; i++)
        {
            using var client = await RawConnection.OpenAsync(gateway.Address);
            await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            var (text, reset) = await client.ReadToEndAsync();
            Assert.Contains("\r\nConnection: close\r\n", text);
            Assert.False(reset);
            await gateway.SettledAsync(); // the origin's connection is free when the request has ended
        }

        Assert.Equal(1, origin.Connections);
    }

    [Theory]
    [InlineData("trailers", true)]
    [InlineData("gzip;q=0.5, Trailers", true)]
    [InlineData("gzip, deflate", false)]
    [InlineData("xtrailers", false)]
    public async Task Te_OfTheClient_PassesOnlyTrailers(string value, bool passes)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        await gateway.SendRawAsync("GET", "/", $"TE: {value}", "Connection: TE");
        var head = origin.Heads.Single();
        Assert.Equal(passes ? ["trailers"] : [], RawAnswer.FieldsOf(head, "te"));
        Assert.Equal(passes ? ["TE"] : [], RawAnswer.FieldsOf(head, "connection")); // RFC 9110 §10.1.4
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("keep-alive", null)]
    [InlineData("Upgrade, Close", null)]
    [InlineData(" , ,", null)]
    [InlineData("host, content-length", null)]
    [InlineData("A, b ,keep-alive", "A b")]
    public void NamedBy_ConnectionValues_GivesTheOthers(string? connection, string? expected)
        => Assert.Equal(expected?.Split(' '), HopByHopFields.NamedBy(connection));
}
