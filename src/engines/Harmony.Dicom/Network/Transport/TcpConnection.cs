using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Harmony.Dicom.Network.Transport;

/// <summary>A TCP connection, with TLS or without. Nagle's algorithm is off, keep-alive is on.</summary>
public sealed class TcpConnection : IAsyncDisposable
{
    /// <summary>Larger than usual PDUs, so that one receive takes one.</summary>
    private const int BufferSize = 64 * 1024;

    private readonly Socket _socket;
    private readonly Stream _stream;

    private TcpConnection(Socket socket, Stream stream)
    {
        (_socket, _stream) = (socket, stream);
        Connection = new DicomConnection
        {
            Transport = new StreamPipe(
                PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferSize, minimumReadSize: BufferSize / 4, leaveOpen: true)),
                PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true))),
            Abort = Abort,
            Socket = socket,
            RemoteEndPoint = socket.RemoteEndPoint,
            LocalEndPoint = socket.LocalEndPoint,
            PeerCertificate = (stream as SslStream)?.RemoteCertificate is { } certificate
                ? certificate as X509Certificate2 ?? X509CertificateLoader.LoadCertificate(certificate.GetRawCertData())
                : null,
        };
    }

    /// <summary>What associations run over.</summary>
    public DicomConnection Connection { get; }

    /// <summary>Connects.</summary>
    /// <param name="host">Name or address.</param>
    /// <param name="port">Port.</param>
    /// <param name="tls">TLS; null: none. Without a <c>TargetHost</c>, the certificate has to be one for <paramref name="host"/>.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ConnectionFailedException">The connection was refused, or the TLS handshake failed.</exception>
    public static async Task<TcpConnection> ConnectAsync(string host, int port, SslClientAuthenticationOptions? tls, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            Prepare(socket);
            await socket.ConnectAsync(host, port, ct);
            var stream = new NetworkStream(socket, ownsSocket: true);
            if (tls is null) return new TcpConnection(socket, stream);
            var secured = new SslStream(stream);
            await secured.AuthenticateAsClientAsync(For(host, tls), ct);
            return new TcpConnection(socket, secured);
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw e is SocketException or IOException or AuthenticationException
                ? new ConnectionFailedException($"cannot connect to {host}:{port}: {e.Message}", e)
                : e;
        }
    }

    /// <summary>Takes over a socket that a listener has accepted.</summary>
    /// <param name="socket">The socket; it is closed if this fails.</param>
    /// <param name="tls">TLS; null: none.</param>
    /// <param name="ct">Ends the handshake.</param>
    /// <exception cref="ConnectionFailedException">TLS did not come about.</exception>
    public static async Task<TcpConnection> AcceptAsync(Socket socket, SslServerAuthenticationOptions? tls, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(socket);
        try
        {
            Prepare(socket);
            var stream = new NetworkStream(socket, ownsSocket: true);
            if (tls is null) return new TcpConnection(socket, stream);
            var secured = new SslStream(stream);
            await secured.AuthenticateAsServerAsync(tls, ct);
            return new TcpConnection(socket, secured);
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw e is SocketException or IOException or AuthenticationException ? new ConnectionFailedException($"no TLS: {e.Message}", e) : e;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }

    private static SslClientAuthenticationOptions For(string host, SslClientAuthenticationOptions tls)
    {
        if (!string.IsNullOrEmpty(tls.TargetHost)) return tls;
        return new SslClientAuthenticationOptions
        {
            TargetHost = IPAddress.TryParse(host, out var address) ? address.ToString() : host,
            AllowRenegotiation = tls.AllowRenegotiation,
            AllowTlsResume = tls.AllowTlsResume,
            ApplicationProtocols = tls.ApplicationProtocols,
            CertificateChainPolicy = tls.CertificateChainPolicy,
            CertificateRevocationCheckMode = tls.CertificateRevocationCheckMode,
            CipherSuitesPolicy = tls.CipherSuitesPolicy,
            ClientCertificateContext = tls.ClientCertificateContext,
            ClientCertificates = tls.ClientCertificates,
            EnabledSslProtocols = tls.EnabledSslProtocols,
            EncryptionPolicy = tls.EncryptionPolicy,
            LocalCertificateSelectionCallback = tls.LocalCertificateSelectionCallback,
            RemoteCertificateValidationCallback = tls.RemoteCertificateValidationCallback,
        };
    }

    private void Abort()
    {
        try
        {
            _socket.Close(0);
        }
        catch (SocketException)
        {
            // It is closed, in one way or another.
        }
    }

    private sealed record StreamPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}

/// <summary>
/// Acknowledges what was received at once (Linux: <c>TCP_QUICKACK</c>). The option does not last: the kernel goes back to delaying
/// acknowledgements by itself, so it is set again after every receive.
/// </summary>
public static class TcpQuickAck
{
    private const int ProtocolTcp = 6;
    private const int QuickAck = 12;

    /// <summary>Acknowledges now. Does nothing on other systems, on sockets that are not TCP's, and on closed ones.</summary>
    public static void Send(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (!OperatingSystem.IsLinux() || socket.ProtocolType != ProtocolType.Tcp) return;
        try
        {
            socket.SetRawSocketOption(ProtocolTcp, QuickAck, [1, 0, 0, 0]);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection is gone; the next read will see it.
        }
    }
}
