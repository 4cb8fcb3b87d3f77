#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
// Both ends of a WebSocket, to have something on either side of the gateway.
//   dotnet run echo.cs -- serve PORT          sends every message back, at /socket
//   dotnet run echo.cs -- talk URL TEXT...    sends each text, prints what comes back

using System.Net.WebSockets;
using System.Text;

return args switch
{
    ["serve", var port] => await ServeAsync(port),
    ["talk", var url, .. var texts] => await TalkAsync(new Uri(url), texts),
    _ => Usage(),
};

static async Task<int> ServeAsync(string port)
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
    var app = builder.Build();
    app.UseWebSockets();
    app.Map("/socket", async context =>
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        while (await ReceiveAsync(socket) is { } text) await SendAsync(socket, $"echo: {text}");
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    });
    await app.RunAsync();
    return 0;
}

static async Task<int> TalkAsync(Uri url, string[] texts)
{
    using var socket = new ClientWebSocket();
    await socket.ConnectAsync(url, CancellationToken.None);
    foreach (var text in texts)
    {
        await SendAsync(socket, text);
        Console.WriteLine(await ReceiveAsync(socket));
    }

    await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    Console.WriteLine($"closed: {socket.CloseStatus}");
    return 0;
}

// A whole message, or null when the other side closes.
static async Task<string?> ReceiveAsync(WebSocket socket)
{
    var message = new MemoryStream();
    var buffer = new byte[4096];
    while (true)
    {
        var part = await socket.ReceiveAsync(buffer, CancellationToken.None);
        if (part.MessageType == WebSocketMessageType.Close) return null;
        message.Write(buffer, 0, part.Count);
        if (part.EndOfMessage) return Encoding.UTF8.GetString(message.ToArray());
    }
}

static Task SendAsync(WebSocket socket, string text)
    => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

static int Usage()
{
    Console.Error.WriteLine("usage: echo.cs serve PORT | talk URL TEXT...");
    return 2;
}
