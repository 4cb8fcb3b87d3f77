using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

/// <summary>Extended CONNECT (RFC 8441) from the client, the HTTP/1.1 handshake to the origin.</summary>
public class WebSocketOverHttp2Tests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Messages_OverHttp2_AreEchoedByAnHttp1Origin(bool tls)
    {
        await using var origin = await EchoOrigin.StartAsync();
        await using var gateway = await ConfigOf(origin.Url, tls).StartAsync();
        using var invoker = new HttpMessageInvoker(TestClient.NewHandler());
        using var socket = await ConnectAsync(gateway, invoker, tls);
        await WebSocketTests.AssertEchoAsync(socket, [1, 2, 3], WebSocketMessageType.Text);
        await WebSocketTests.AssertEchoAsync(socket, RandomNumberGenerator.GetBytes(1024 * 1024), WebSocketMessageType.Binary);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", Guard.Token);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task Endpoint_OfTheMethodGet_TakesExtendedConnect()
    {
        await using var origin = await EchoOrigin.StartAsync();
        await using var gateway = await (ConfigOf(origin.Url, tls: false) with { Endpoint = "path_prefix = \"/\"\nmethods = [\"GET\"]" }).StartAsync();
        using var invoker = new HttpMessageInvoker(TestClient.NewHandler());
        using var socket = await ConnectAsync(gateway, invoker, tls: false);
        await WebSocketTests.AssertEchoAsync(socket, [1], WebSocketMessageType.Binary);
    }

    [Fact]
    public async Task Upgrade_RefusedByTheOrigin_FailsTheConnectAndServesOthers()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno");
        await using var gateway = await ConfigOf(origin.Url, tls: false).StartAsync();
        using var invoker = new HttpMessageInvoker(TestClient.NewHandler());
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(gateway, invoker, tls: false));
        Assert.Contains("403", refused.Message + refused.InnerException?.Message, StringComparison.Ordinal);
        var head = origin.Heads.Single();
        Assert.StartsWith("GET /socket HTTP/1.1\r\n", head);
        Assert.Equal(["websocket"], RawAnswer.FieldsOf(head, "upgrade"));
        Assert.Equal(["13"], RawAnswer.FieldsOf(head, "sec-websocket-version"));
        Assert.Single(RawAnswer.FieldsOf(head, "sec-websocket-key"));
        using var client = TestClient.Http2(gateway.Url);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/")).StatusCode);
    }

    /// <summary>2xx would mean to the client that the tunnel is there (RFC 8441 §5).</summary>
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    public async Task Upgrade_IgnoredByTheOrigin_Is502(string answer)
    {
        await using var origin = RawOrigin.Answering(answer);
        await using var gateway = await ConfigOf(origin.Url, tls: false).StartAsync();
        using var invoker = new HttpMessageInvoker(TestClient.NewHandler());
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(gateway, invoker, tls: false));
        Assert.Contains("502", refused.Message + refused.InnerException?.Message, StringComparison.Ordinal);
        Assert.Contains("did not switch", (await gateway.Log.FirstAsync(2005)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_BrokenByTheOrigin_EndsTheStream()
    {
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            using var accepted = await context.WebSockets.AcceptWebSocketAsync();
            await accepted.ReceiveAsync(new byte[16], Guard.Token);
            context.Abort();
        });
        await using var gateway = await ConfigOf(origin.Url, tls: false).StartAsync();
        using var invoker = new HttpMessageInvoker(TestClient.NewHandler());
        using var socket = await ConnectAsync(gateway, invoker, tls: false);
        await socket.SendAsync(new byte[1], WebSocketMessageType.Binary, endOfMessage: true, Guard.Token);
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[16], Guard.Token));
    }

    private static ForwardingConfig ConfigOf(Uri origin, bool tls) => new(origin) { Tls = tls, Tcp = tls ? "" : "h2c = true" };

    private static async Task<ClientWebSocket> ConnectAsync(TestGateway gateway, HttpMessageInvoker invoker, bool tls)
    {
        var socket = new ClientWebSocket { Options = { HttpVersion = HttpVersion.Version20, HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact } };
        await socket.ConnectAsync(new Uri($"{(tls ? "wss" : "ws")}://127.0.0.1:{gateway.Address.Port}/socket"), invoker, Guard.Token);
        return socket;
    }
}
