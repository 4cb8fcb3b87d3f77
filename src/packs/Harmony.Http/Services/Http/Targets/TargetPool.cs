using System.Net;
using System.Net.Security;
using Harmony.Http.Services.Http.Forwarding;
using Harmony.Http.Services.Http.Forwarding.Handler;
using Harmony.Http.Services.Http.Forwarding.Http1;

namespace Harmony.Http.Services.Http.Targets;

/// <summary>
/// The connections to one system. Outlives a configuration as long as the next one asks for the same (<see cref="TargetPoolSettings"/>):
/// a reload costs no handshakes, and what is under way is counted for both.
/// </summary>
/// <param name="handler">Makes and keeps the connections; disposed with the pool.</param>
/// <param name="anonymous">One that shows no certificate, disposed with the pool; null where the first shows none either.</param>
internal sealed class TargetPool(SocketsHttpHandler handler, SocketsHttpHandler? anonymous = null) : IDisposable
{
    private int _inFlight;

    /// <summary>Sends to the system the pool is for.</summary>
    public HttpMessageInvoker Invoker { get; } = new(handler);

    /// <summary>Sends to others, whom our certificate is none of the business of; null where none is shown.</summary>
    public HttpMessageInvoker? Anonymous { get; } = anonymous is null ? null : new(anonymous);

    /// <summary>Sends to the system over connections of ours; null where it takes TLS or another version of HTTP than 1.1.</summary>
    public Http1Sender? Http1 { get; private init; }

    /// <summary>Requests under way.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>An empty pool.</summary>
    /// <param name="settings">Everything that makes it what it is.</param>
    /// <param name="tls">Whom to trust and what to show; <see cref="TargetPoolSettings.Tls"/> is its fingerprint.</param>
    /// <param name="clock">Tells how long a connection has been idle.</param>
    public static TargetPool Open(TargetPoolSettings settings, SslClientAuthenticationOptions tls, TimeProvider clock)
    {
        var anonymous = tls.ClientCertificateContext is null ? null : new SslClientAuthenticationOptions { CertificateChainPolicy = tls.CertificateChainPolicy };
        return new TargetPool(Handler(settings, tls), anonymous is null ? null : Handler(settings, anonymous))
        {
            Http1 = settings.IsPlainHttp1 ? new Http1Sender(new Http1Pool(new Uri(settings.BaseUrl), TimeSpan.FromSeconds(settings.ConnectTimeoutSecs), clock)) : null,
        };
    }

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    public void Dispose()
    {
        Http1?.Dispose();
        Anonymous?.Dispose();
        Invoker.Dispose();
    }

    private static SocketsHttpHandler Handler(TargetPoolSettings settings, SslClientAuthenticationOptions tls)
    {
        var handler = new SocketsHttpHandler
        {
            // A gateway passes on what it gets: no proxy, no redirects followed, no cookies kept, nothing unpacked, no trace fields of its own.
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            // A client that goes takes its request along; a short rest of the answer may still be read to keep the connection.
            ResponseDrainTimeout = TimeSpan.FromMilliseconds(500),
            ConnectTimeout = TimeSpan.FromSeconds(settings.ConnectTimeoutSecs),
            // A name that moves to another address is found again within this time.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            // An HTTP/2 connection whose other side has vanished would otherwise take every request to its death.
            KeepAlivePingDelay = TimeSpan.FromSeconds(20),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            SslOptions = tls,
            ConnectCallback = TargetSocket.ConnectAsync,
        };
        RepetitionGuard.AddTo(handler);
        return handler;
    }
}
