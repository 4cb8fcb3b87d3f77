using System.Net.Security;
using System.Net.Sockets;
using System.Net;
using System.Security.Authentication;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>A connection to an origin, by TLS where its URL says so.</summary>
/// <param name="Socket">The connection.</param>
/// <param name="Tls">TLS over the connection; null without.</param>
internal readonly record struct OriginConnection(Socket Socket, SslStream? Tls)
{
    /// <summary>Whether the origin has chosen HTTP/2 (ALPN, RFC 7301).</summary>
    public bool IsHttp2 => Tls is not null && Tls.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2;

    public void Dispose()
    {
        Socket.Dispose(); // first, so that nothing waits for TLS
        Tls?.Dispose();
    }
}

/// <summary>Tells that no connection came about within the time for it.</summary>
internal sealed class ConnectTimeoutException(string message, Exception cause) : Exception(message, cause);

/// <summary>Makes connections to one origin.</summary>
internal sealed class TargetConnector
{
    private readonly EndPoint _endPoint;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _clock;
    private readonly SslClientAuthenticationOptions? _http1;
    private readonly SslClientAuthenticationOptions? _either;

    /// <param name="origin">Where connections go.</param>
    /// <param name="tls">The authorities to trust and the certificate to show, for an origin of <c>https</c>.</param>
    /// <param name="timeout">How long a connection may take to come about, with the handshake of TLS.</param>
    /// <param name="clock">Tells the time.</param>
    public TargetConnector(Uri origin, SslClientAuthenticationOptions tls, TimeSpan timeout, TimeProvider clock)
    {
        (_timeout, _clock) = (timeout, clock);
        Authority = origin.Authority;
        _endPoint = IPAddress.TryParse(origin.DnsSafeHost, out var address)
            ? new IPEndPoint(address, origin.Port)
            : new DnsEndPoint(origin.IdnHost, origin.Port);
        if (origin.Scheme != Uri.UriSchemeHttps) return;
        // Sessions are resumed per options object, so that there is one for each list of protocols.
        _http1 = OptionsOf(tls, origin, SslApplicationProtocol.Http11);
        _either = OptionsOf(tls, origin, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11);
    }

    /// <summary>Host and port, for messages.</summary>
    public string Authority { get; }

    /// <summary>Makes a connection.</summary>
    /// <param name="offersHttp2">Whether the origin may choose HTTP/2; without TLS it has no choice.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <exception cref="HttpRequestException">The name is not known, the connection was refused, or TLS failed.</exception>
    /// <exception cref="ConnectTimeoutException">It took too long.</exception>
    public async ValueTask<OriginConnection> ConnectAsync(bool offersHttp2, CancellationToken ct)
    {
        using var time = new CancellationTokenSource(_timeout, _clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, time.Token);
        var socket = _endPoint is IPEndPoint { AddressFamily: var family }
            ? new Socket(family, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            TargetSocket.Prepare(socket);
            await socket.ConnectAsync(_endPoint, stop.Token);
            return new OriginConnection(socket, (offersHttp2 ? _either : _http1) is { } options ? await HandshakeAsync(socket, options, stop.Token) : null);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (time.IsCancellationRequested && !ct.IsCancellationRequested)
                throw new ConnectTimeoutException($"no connection within {_timeout.TotalSeconds} s ({Authority})", e);
            if (e is SocketException broken) throw new HttpRequestException(ErrorOf(broken), $"{e.Message} ({Authority})", e);
            throw;
        }
    }

    private static async ValueTask<SslStream> HandshakeAsync(Socket socket, SslClientAuthenticationOptions options, CancellationToken ct)
    {
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: false));
        try
        {
            await tls.AuthenticateAsClientAsync(options, ct);
            return tls;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await tls.DisposeAsync();
            throw new HttpRequestException(HttpRequestError.SecureConnectionError, e.Message, e);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private static HttpRequestError ErrorOf(SocketException e)
        => e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery
            ? HttpRequestError.NameResolutionError
            : HttpRequestError.ConnectionError;

    private static SslClientAuthenticationOptions OptionsOf(SslClientAuthenticationOptions tls, Uri origin, params SslApplicationProtocol[] protocols) => new()
    {
        TargetHost = origin.DnsSafeHost,
        ApplicationProtocols = [.. protocols],
        CertificateChainPolicy = tls.CertificateChainPolicy,
        ClientCertificateContext = tls.ClientCertificateContext,
        CertificateRevocationCheckMode = tls.CertificateRevocationCheckMode,
        EnabledSslProtocols = tls.EnabledSslProtocols,
        RemoteCertificateValidationCallback = tls.RemoteCertificateValidationCallback,
    };
}

/// <summary>Sockets to targets, whatever is spoken over them.</summary>
internal static class TargetSocket
{
    /// <summary>
    /// Most bytes that wait in the system for the target to have room, as opposed to those on their way to it. Without it the system takes
    /// megabytes and says for long nothing of how they drain: a target that takes an upload slowly would look as if it took nothing. Bytes
    /// on their way are not counted, so a fast connection is as fast as before however long it is.
    /// </summary>
    private const int MostWaiting = 128 * 1024;

    private const int LevelOfTcp = 6; // IPPROTO_TCP of Linux
    private const int NotSentLowWater = 25; // TCP_NOTSENT_LOWAT of Linux

    /// <summary>Sets what is the same for all.</summary>
    public static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            socket.SetRawSocketOption(LevelOfTcp, NotSentLowWater, BitConverter.GetBytes(MostWaiting));
        }
        catch (SocketException)
        {
            // Some sandboxes do not know the option. Uploads work without it; only their time-out is less exact.
        }
    }

    /// <summary>Connects for <see cref="SocketsHttpHandler"/>, as it would by itself.</summary>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            Prepare(socket);
            await socket.ConnectAsync(context.DnsEndPoint, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
