using System.Net;
using System.Net.Sockets;

namespace Harmony.Testing;

/// <summary>HTTP clients that send what they are told and trust the certificate of the tests.</summary>
public static class TestClient
{
    /// <summary>A client of one HTTP version, exactly.</summary>
    public static HttpClient Of(Version version, Uri baseAddress) => Of(version, baseAddress, NewHandler());

    public static HttpClient Http1(Uri baseAddress) => Of(HttpVersion.Version11, baseAddress);

    /// <summary>One that leaves by a reset: that it has gone is known at once, while a FIN may come from a client that still waits for its response.</summary>
    public static HttpClient Abrupt(Uri baseAddress)
    {
        var handler = NewHandler();
        handler.ConnectCallback = static async (context, ct) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
        return Of(HttpVersion.Version11, baseAddress, handler);
    }

    public static HttpClient Http2(Uri baseAddress) => Of(HttpVersion.Version20, baseAddress);

    /// <summary>A request of HTTP/2, exactly: a client's defaults are for its short forms only.</summary>
    public static HttpRequestMessage Http2Request(HttpMethod method, string target, HttpContent? content = null) => new(method, target)
    {
        Content = content,
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public static SocketsHttpHandler NewHandler() => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        ResponseDrainTimeout = TimeSpan.Zero,
        SslOptions = { CertificateChainPolicy = TestCertificate.TrustPolicy },
    };

    private static HttpClient Of(Version version, Uri baseAddress, SocketsHttpHandler handler) => new(handler)
    {
        BaseAddress = baseAddress,
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = Guard.Limit,
    };
}
