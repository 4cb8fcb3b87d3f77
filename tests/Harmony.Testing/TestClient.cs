using System.Net;

namespace Harmony.Testing;

/// <summary>HTTP clients that send what they are told and trust the certificate of the tests.</summary>
public static class TestClient
{
    /// <summary>A client of one HTTP version, exactly.</summary>
    public static HttpClient Of(Version version, Uri baseAddress) => new(NewHandler())
    {
        BaseAddress = baseAddress,
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = Guard.Limit,
    };

    public static HttpClient Http1(Uri baseAddress) => Of(HttpVersion.Version11, baseAddress);

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
}
