using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace IdleConnections;

/// <summary>
/// An origin of HTTP/1.1 that falls silent: after the head of an event stream (<c>/silent</c>), after its first event (<c>/event</c>), after a switch of
/// protocols (<c>/socket</c>). <c>/gather/N</c> is answered when N requests for it have come, so that each has a connection. Everything else is a document.
/// </summary>
internal sealed class SilentOrigin(string[] certificate)
{
    private const string Stream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static readonly byte[] Silent = Encoding.ASCII.GetBytes(Stream);
    private static readonly byte[] Event = Encoding.ASCII.GetBytes(Stream + "d\r\ndata: hello\n\n\r\n");
    private static readonly byte[] Switched = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"u8.ToArray();
    private static readonly byte[] Document = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"u8.ToArray();
    private readonly Lock _lock = new();
    private TaskCompletionSource _gathered = new();
    private int _waiting;

    public async Task RunAsync(int port)
    {
        var tls = certificate is [var cert, var key] ? X509Certificate2.CreateFromPemFile(cert, key) : null;
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(4096);
        while (true) _ = ServeAsync(await listener.AcceptAsync(), tls);
    }

    private async Task ServeAsync(Socket socket, X509Certificate2? tls)
    {
        try
        {
            await using var connection = await OpenAsync(socket, tls);
            var buffer = new byte[4096];
            while (true)
            {
                var filled = 0;
                do
                {
                    var read = await connection.ReadAsync(buffer.AsMemory(filled));
                    if (read == 0) return;
                    filled += read;
                }
                while (!buffer.AsSpan(0, filled).EndsWith("\r\n\r\n"u8));
                await connection.WriteAsync(await AnswerAsync(Encoding.ASCII.GetString(buffer, 0, filled).Split(' ')[1]));
            }
        }
        catch (IOException)
        {
            // The gateway has gone.
        }
    }

    private static async Task<Stream> OpenAsync(Socket socket, X509Certificate2? tls)
    {
        socket.NoDelay = true;
        var plain = new NetworkStream(socket, ownsSocket: true);
        if (tls is null) return plain;
        var stream = new SslStream(plain);
        await stream.AuthenticateAsServerAsync(tls);
        return stream;
    }

    private async ValueTask<byte[]> AnswerAsync(string path)
    {
        if (path == "/silent") return Silent;
        if (path == "/event") return Event;
        if (path == "/socket") return Switched;
        if (path.StartsWith("/gather/", StringComparison.Ordinal)) await GatherAsync(int.Parse(path.AsSpan(8), provider: null));
        return Document;
    }

    private Task GatherAsync(int count)
    {
        lock (_lock)
        {
            var mine = _gathered;
            if (++_waiting < count) return mine.Task;
            (_waiting, _gathered) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            mine.SetResult();
            return Task.CompletedTask;
        }
    }
}
