using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

public class WebSocketTests
{
    [Fact]
    public async Task TextAndBinary_OfEveryLength_AreEchoed()
    {
        await using var origin = await EchoOrigin.StartAsync();
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var socket = await ConnectAsync(gateway);
        foreach (var length in new[] { 0, 1, 125, 126, 65535, 65536, 300_000 })
        {
            await AssertEchoAsync(socket, RandomNumberGenerator.GetBytes(length), WebSocketMessageType.Binary);
        }

        await AssertEchoAsync(socket, Encoding.UTF8.GetBytes("grüße"), WebSocketMessageType.Text);
    }

    [Fact]
    public async Task Message_OfTenMegabytes_IsEchoed()
    {
        await using var origin = await EchoOrigin.StartAsync();
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var socket = await ConnectAsync(gateway);
        await AssertEchoAsync(socket, RandomNumberGenerator.GetBytes(10 * 1024 * 1024), WebSocketMessageType.Binary);
    }

    [Fact]
    public async Task Close_ByTheClient_IsAnsweredByTheOrigin()
    {
        await using var origin = await EchoOrigin.StartAsync();
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var socket = await ConnectAsync(gateway);
        await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, "why", Guard.Token);
        Assert.Equal(WebSocketState.Closed, socket.State);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, socket.CloseStatus);
        Assert.Equal("why", socket.CloseStatusDescription);
    }

    [Fact]
    public async Task Close_ByTheOrigin_ReachesTheClient()
    {
        var closed = new TaskCompletionSource<WebSocketState>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            using var accepted = await context.WebSockets.AcceptWebSocketAsync();
            await accepted.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "bye", Guard.Token);
            closed.SetResult(accepted.State);
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var socket = await ConnectAsync(gateway);
        var received = await socket.ReceiveAsync(new byte[16], Guard.Token);
        Assert.Equal(WebSocketMessageType.Close, received.MessageType);
        Assert.Equal((WebSocketCloseStatus.EndpointUnavailable, "bye"), (socket.CloseStatus, socket.CloseStatusDescription));
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", Guard.Token);
        Assert.Equal(WebSocketState.Closed, await closed.Task.Guarded());
    }

    [Fact]
    public async Task SubProtocol_ChosenByTheOrigin_IsTheClients()
    {
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            using var accepted = await context.WebSockets.AcceptWebSocketAsync("v2");
            await accepted.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Guard.Token);
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("v1");
        socket.Options.AddSubProtocol("v2");
        await socket.ConnectAsync(UriOf(gateway), Guard.Token);
        Assert.Equal("v2", socket.SubProtocol);
    }

    [Fact]
    public async Task PingAndPong_AsRawFrames_PassUnchanged()
    {
        const string Ping = "\u0089\u0084\u0000\u0000\u0000\u0000ping"; // masked with zeros
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n");
            Assert.Equal(Ping, await connection.ReadAsync(Ping.Length));
            await connection.WriteAsync("\u008A\u0004ping");
            await connection.WaitForEndAsync();
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET /socket HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: "
            + "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n" + Ping);
        var head = await client.ReadHeadAsync();
        Assert.StartsWith("HTTP/1.1 101 ", head);
        Assert.Equal(["websocket"], RawAnswer.FieldsOf(head!, "upgrade"));
        Assert.Equal(["Upgrade"], RawAnswer.FieldsOf(head!, "connection"));
        Assert.Equal(["x"], RawAnswer.FieldsOf(head!, "sec-websocket-accept"));
        Assert.Equal("\u008A\u0004ping", await client.ReadAsync(6));
        Assert.Equal(["dGhlIHNhbXBsZSBub25jZQ=="], RawAnswer.FieldsOf(origin.Heads.Single(), "sec-websocket-key"));
        Assert.Equal(["Upgrade"], RawAnswer.FieldsOf(origin.Heads.Single(), "connection"));
        Assert.Equal(["websocket"], RawAnswer.FieldsOf(origin.Heads.Single(), "upgrade"));
    }

    [Theory]
    [InlineData("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno", 403)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\nno", 426)]
    public async Task Upgrade_RefusedByTheOrigin_IsAnOrdinaryAnswer(string bytes, int status)
    {
        await using var origin = RawOrigin.Answering(bytes);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        for (var i = 0; i < 2; i++)
        {
            await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            var answer = await RawAnswer.ReadAsync(client);
            Assert.Equal(status, answer.Status);
            Assert.Equal("no", answer.Body);
        }
    }

    [Fact]
    public async Task Connection_BrokenByTheOrigin_EndsTheClients()
    {
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            using var accepted = await context.WebSockets.AcceptWebSocketAsync();
            await accepted.ReceiveAsync(new byte[16], Guard.Token);
            context.Abort();
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var socket = await ConnectAsync(gateway);
        await socket.SendAsync(new byte[1], WebSocketMessageType.Binary, endOfMessage: true, Guard.Token);
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[16], Guard.Token));
    }

    [Fact]
    public async Task Connection_BrokenByTheClient_EndsTheOrigins()
    {
        var ended = Guard.NewSignal();
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            using var accepted = await context.WebSockets.AcceptWebSocketAsync();
            try
            {
                await accepted.ReceiveAsync(new byte[16], Guard.Token);
            }
            catch (Exception e) when (e is WebSocketException or IOException)
            {
                ended.SetResult();
            }
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using (var socket = await ConnectAsync(gateway)) socket.Abort();
        await ended.Task.Guarded();
    }

    internal static async Task AssertEchoAsync(ClientWebSocket socket, byte[] message, WebSocketMessageType type)
    {
        var sending = socket.SendAsync(message, type, endOfMessage: true, Guard.Token);
        var echoed = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, Guard.Token);
            Assert.Equal(type, received.MessageType);
            echoed.Write(buffer, 0, received.Count);
            if (received.EndOfMessage) break;
        }

        await sending;
        Assert.True(message.AsSpan().SequenceEqual(echoed.ToArray()));
    }

    private static async Task<ClientWebSocket> ConnectAsync(TestGateway gateway)
    {
        var socket = new ClientWebSocket { Options = { HttpVersion = HttpVersion.Version11 } };
        await socket.ConnectAsync(UriOf(gateway), Guard.Token);
        return socket;
    }

    private static Uri UriOf(TestGateway gateway) => new($"ws://127.0.0.1:{gateway.Address.Port}/socket");
}
