using System.Net;
using System.Net.Sockets;

namespace Harmony.Benchmarks.Forwarding;

/// <summary>Answers every request head with the same bytes, on threads of its own and without allocating, so that only the gateway is counted.</summary>
internal sealed class KeepAliveOrigin : IDisposable
{
    private static readonly byte[] Answer =
        System.Text.Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nServer: origin\r\nContent-Length: 1024\r\n\r\n" + new string('x', 1024));

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public KeepAliveOrigin()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var connection = _listener.Accept();
                connection.NoDelay = true;
                new Thread(() => Serve(connection)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
    }

    private static void Serve(Socket connection)
    {
        var buffer = new byte[16 * 1024];
        var filled = 0;
        try
        {
            while (connection.Receive(buffer.AsSpan(filled)) is var read and > 0)
            {
                filled += read;
                if (!buffer.AsSpan(0, filled).EndsWith("\r\n\r\n"u8)) continue;
                filled = 0;
                connection.Send(Answer);
            }
        }
        catch (SocketException)
        {
            // The gateway has gone.
        }
    }
}
