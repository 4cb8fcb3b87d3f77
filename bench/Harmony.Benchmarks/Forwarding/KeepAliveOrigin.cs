using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Harmony.Benchmarks.Forwarding;

/// <summary>
/// Answers every request head with the same bytes, on threads of its own and without allocating, so that only the gateway is counted. Over TLS the
/// platform's stream allocates for this end, too.
/// </summary>
internal sealed class KeepAliveOrigin : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _answer;
    private readonly X509Certificate2? _certificate;

    /// <param name="bodyLength">Bytes of each response's body.</param>
    /// <param name="certificate">For TLS; null for none.</param>
    public KeepAliveOrigin(int bodyLength, X509Certificate2? certificate = null)
    {
        _answer = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nServer: origin\r\nContent-Length: {bodyLength}\r\n\r\n{new string('x', bodyLength)}");
        _certificate = certificate;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public Uri Base => new($"{(_certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");

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

    private void Serve(Socket connection)
    {
        try
        {
            if (_certificate is null)
            {
                Serve(buffer => connection.Receive(buffer), () => connection.Send(_answer));
                return;
            }

            using var tls = new SslStream(new NetworkStream(connection));
            tls.AuthenticateAsServer(_certificate);
            Serve(buffer => tls.Read(buffer), () => tls.Write(_answer));
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // The gateway has gone.
        }
    }

    private static void Serve(ReadSpan read, Action answer)
    {
        var buffer = new byte[16 * 1024];
        var filled = 0;
        while (read(buffer.AsSpan(filled)) is var count and > 0)
        {
            filled += count;
            if (!buffer.AsSpan(0, filled).EndsWith("\r\n\r\n"u8)) continue;
            filled = 0;
            answer();
        }
    }

    private delegate int ReadSpan(Span<byte> buffer);
}
