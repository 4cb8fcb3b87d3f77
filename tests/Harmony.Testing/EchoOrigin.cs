using System.Net.WebSockets;

namespace Harmony.Testing;

/// <summary>An origin that sends back every WebSocket message, piece by piece, and answers the close.</summary>
public static class EchoOrigin
{
    public static Task<KestrelOrigin> StartAsync() => KestrelOrigin.StartAsync(async context =>
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer, Guard.Token) is { MessageType: not WebSocketMessageType.Close } received)
        {
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, Guard.Token);
        }

        await socket.CloseAsync(socket.CloseStatus!.Value, socket.CloseStatusDescription, Guard.Token);
    });
}
