using System.Net.Security;
using System.Net;
using System.Security.Cryptography;
using Harmony.Http.Services.Http.Forwarding.Handler;
using Harmony.Http.Services.Http.Forwarding.Http1;
using Harmony.Http.Services.Http.Forwarding;

namespace Harmony.Http.Services.Http.Targets;

/// <summary>What a pool of connections is made for. A pool with equal settings is the same pool.</summary>
/// <param name="BaseUrl">Where it leads, with the base path: two targets behind one host are counted apart.</param>
/// <param name="ConnectTimeoutSecs">Time-out for connecting, in seconds.</param>
/// <param name="Tls">Fingerprint of what is trusted and shown, not of the paths: a certificate that was replaced needs new connections.</param>
/// <param name="HttpVersion">The version of HTTP to send in: <c>auto</c>, <c>1.1</c>, <c>2</c> or <c>3</c>.</param>
internal sealed record TargetPoolSettings(string BaseUrl, int ConnectTimeoutSecs, string Tls, string HttpVersion)
{
    /// <summary>Whether the platform's client sends HTTP/1.1, too.</summary>
    public bool UsesPlatformClient { get; init; }

    /// <summary>Most connections of HTTP/1.1 that are open at once; 0 for any number.</summary>
    public int MaxConnections { get; init; }

    /// <summary>The fingerprints of all certificates, or empty where there are none.</summary>
    public static string FingerprintOf(SslClientAuthenticationOptions tls)
    {
        var trusted = tls.CertificateChainPolicy?.CustomTrustStore.Select(c => c.GetCertHashString(HashAlgorithmName.SHA256)) ?? [];
        var shown = tls.ClientCertificateContext is not { } context
            ? []
            : context.IntermediateCertificates.Prepend(context.TargetCertificate).Select(c => c.GetCertHashString(HashAlgorithmName.SHA256));
        return string.Join(' ', trusted.Append("/").Concat(shown));
    }
}

/// <summary>
/// The connections to one system. Outlives a configuration as long as the next one asks for the same (<see cref="TargetPoolSettings"/>):
/// a reload costs no handshakes, and what is under way is counted for both.
/// </summary>
internal sealed class TargetPool : IDisposable
{
    private readonly Http1Sender _http1;
    private readonly HttpMessageInvoker? _invoker;
    private readonly OtherOrigins _others;
    private readonly bool _mayChoose;
    private int _inFlight;

    private TargetPool(TargetPoolSettings settings, SslClientAuthenticationOptions tls, TimeProvider clock)
    {
        var origin = new Uri(settings.BaseUrl);
        var isTls = origin.Scheme == Uri.UriSchemeHttps;
        var connector = new TargetConnector(origin, tls, TimeSpan.FromSeconds(settings.ConnectTimeoutSecs), clock);
        _http1 = new Http1Sender(connector, new Http1Pool(clock, settings.MaxConnections));
        _others = new OtherOrigins(settings, tls, clock);
        var isHttp1 = settings.HttpVersion == "1.1" || (settings.HttpVersion == "auto" && !isTls);
        _invoker = isHttp1 && !settings.UsesPlatformClient ? null : NewHandler();
        _mayChoose = settings.HttpVersion is "auto" or "1.1";
        Sender = (_invoker, settings) switch
        {
            (null, _) => _http1,
            (_, { HttpVersion: "2" }) => new HandlerSender(_invoker, NewHandler, HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact),
            (_, { HttpVersion: "3" }) => new HandlerSender(_invoker, NewHandler, HttpVersion.Version30, HttpVersionPolicy.RequestVersionExact),
            _ when isHttp1 => new HandlerSender(_invoker, NewHandler, HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact),
            (_, { UsesPlatformClient: true }) => new HandlerSender(_invoker, NewHandler, HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower),
            _ => new NegotiatingSender(
                connector, _http1, new HandlerSender(_invoker, NewHandler, HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact)),
        };

        HttpMessageInvoker NewHandler() => new(Handler(settings, tls));
    }

    /// <summary>Sends to the system that the pool is for.</summary>
    public ITargetSender Sender { get; }

    /// <summary>Requests under way.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Requests that wait for a connection.</summary>
    public int Waiting => _http1.Waiting;

    /// <summary>An empty pool.</summary>
    /// <param name="settings">Everything that makes it what it is.</param>
    /// <param name="tls">The authorities to trust and the certificate to show; <see cref="TargetPoolSettings.Tls"/> is its fingerprint.</param>
    /// <param name="clock">Tells how long a connection has been idle.</param>
    public static TargetPool Open(TargetPoolSettings settings, SslClientAuthenticationOptions tls, TimeProvider clock) => new(settings, tls, clock);

    /// <summary>
    /// What sends a request. An upgrade is of HTTP/1.1 and needs both directions of a connection; what authenticates a connection needs one that is its
    /// client's alone. Both only the gateway's own client gives.
    /// </summary>
    public ITargetSender SenderFor(OutgoingHead head)
    {
        if (head.IsElsewhere) return _others.SenderFor(head.Origin);
        return head.Switches || (_mayChoose && ConnectionAuthentication.IsIn(head.Fields["authorization"])) ? _http1 : Sender;
    }

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    public void Dispose()
    {
        _others.Dispose();
        _http1.Dispose();
        _invoker?.Dispose();
    }

    private static SocketsHttpHandler Handler(TargetPoolSettings settings, SslClientAuthenticationOptions tls) => new()
    {
        // A gateway passes on what it gets: no proxy, no redirects followed, no cookies kept, nothing unpacked, no trace fields of its own.
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        EnableMultipleHttp2Connections = true,
        // A client that goes takes its request along; a short rest of the response may still be read to keep the connection.
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
        RequestHeaderEncodingSelector = RepetitionGuard.OnField,
    };
}

/// <summary>
/// The connections to origins that a middleware chose in the place of the target. They get neither the target's credentials nor its client certificate.
/// </summary>
/// <param name="target">The settings of the target, which hold for the others, too.</param>
/// <param name="tls">The authorities to trust.</param>
/// <param name="clock">Tells how long a connection has been idle.</param>
internal sealed class OtherOrigins(TargetPoolSettings target, SslClientAuthenticationOptions tls, TimeProvider clock) : IDisposable
{
    /// <summary>A middleware may take origins from messages, so that there may be any number.</summary>
    private const int MostKept = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, TargetPool> _pools = new(StringComparer.OrdinalIgnoreCase);
    private readonly LinkedList<string> _byUse = [];

    /// <summary>What sends to an origin.</summary>
    /// <param name="origin">Scheme and authority.</param>
    public ITargetSender SenderFor(string origin)
    {
        TargetPool? old = null;
        lock (_lock)
        {
            _byUse.Remove(origin);
            _byUse.AddFirst(origin);
            if (_pools.TryGetValue(origin, out var known)) return known.Sender;
            var pool = _pools[origin] = Open(origin);
            if (_byUse.Count > MostKept)
            {
                _pools.Remove(_byUse.Last!.Value, out old);
                _byUse.RemoveLast();
            }

            old?.Dispose(); // closes what is idle; requests under way go on
            return pool.Sender;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var pool in _pools.Values) pool.Dispose();
            _pools.Clear();
        }
    }

    private TargetPool Open(string origin)
    {
        var anonymous = new SslClientAuthenticationOptions { CertificateChainPolicy = tls.CertificateChainPolicy };
        return TargetPool.Open(target with { BaseUrl = origin }, anonymous, clock);
    }
}
