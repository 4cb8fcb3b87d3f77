using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

public class UpgradeTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Fact]
    public async Task OtherProtocol_AgreedByTheOrigin_IsCarriedBothWays()
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: b/2\r\nX-A: 1\r\n\r\nwelcome");
            await connection.WriteAsync("got " + await connection.ReadAsync(5));
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: a, b/2\r\n\r\nhello");
        var head = await client.ReadHeadAsync();
        Assert.StartsWith("HTTP/1.1 101 ", head);
        Assert.Equal(["b/2"], RawAnswer.FieldsOf(head!, "upgrade"));
        Assert.Equal(["1"], RawAnswer.FieldsOf(head!, "x-a"));
        Assert.Equal("welcomegot hello", (await client.ReadToEndAsync()).Text); // and the end comes through
    }

    /// <summary>Threat: "h2c smuggling": requests inside such a tunnel would pass by every route and filter.</summary>
    [Theory]
    [InlineData("h2c")]
    [InlineData("H2C")]
    [InlineData("websocket, h2c")]
    [InlineData("h2")]
    [InlineData("HTTP/2.0")]
    [InlineData("TLS/1.0")]
    public async Task OtherHttp_OfferedByTheClient_IsIgnored(string protocols)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("GET", "/", "Connection: Upgrade, HTTP2-Settings", $"Upgrade: {protocols}", "HTTP2-Settings: AAMAAABkAAQAAP__");
        Assert.Equal(200, answer.Status);
        Assert.Empty(RawAnswer.FieldsOf(origin.Heads.Single(), "upgrade"));
        Assert.Empty(RawAnswer.FieldsOf(origin.Heads.Single(), "http2-settings"));
    }

    [Fact]
    public async Task Upgrade_WithoutTheConnectionField_IsIgnored()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        Assert.Equal(200, (await gateway.SendRawAsync("GET", "/", "Upgrade: websocket")).Status);
        Assert.Empty(RawAnswer.FieldsOf(origin.Heads.Single(), "upgrade"));
    }

    [Fact]
    public async Task Upgrade_WithABody_IsServedWithoutTheSwitch()
    {
        string? body = null;
        await using var origin = RawOrigin.Start(async connection =>
        {
            body = await connection.ReadBodyAsync((await connection.ReadHeadAsync())!);
            await connection.WriteAsync(Ok);
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 2\r\n\r\nhi");
        Assert.Equal(200, answer.Status);
        Assert.Equal("hi", body);
        Assert.Empty(RawAnswer.FieldsOf(origin.Heads.Single(), "upgrade"));
    }
}
