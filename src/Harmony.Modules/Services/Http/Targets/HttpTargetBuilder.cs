using System.Net;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Microsoft.Extensions.Logging;

namespace Harmony.Modules.Services.Http.Targets;

/// <summary>Makes the targets of a backend with their pools of connections. What is wrong goes to the context's problems.</summary>
internal sealed class HttpTargetBuilder(HttpBackendOptions options, BackendContext context, ILogger logger)
{
    private const int DefaultTimeoutSecs = 30;

    private readonly TargetAddress _address = new(options, context);
    private readonly TlsFiles _tls = new(options, context);

    public HttpTarget? Build(TargetSettings settings)
    {
        if (_address.Of(settings) is not { } baseUrl) return null;
        var errorsBefore = CountErrors();
        var credentials = CredentialsOf(settings);
        var handler = Handler();
        _tls.AddTo(handler.SslOptions, settings, baseUrl);
        if (CountErrors() > errorsBefore)
        {
            handler.Dispose();
            return null;
        }

        var (version, policy) = VersionFor(baseUrl, settings);
        return new HttpTarget(baseUrl, handler, Anonymous(handler))
        {
            Name = settings.Name,
            Described = settings.Name == context.Name ? $"the target of backend '{context.Name}'" : $"target '{settings.Name}' of backend '{context.Name}'",
            Weight = settings.Weight,
            Timeout = TimeSpan.FromSeconds(options.TimeoutSecs ?? settings.TimeoutSecs ?? DefaultTimeoutSecs),
            Version = version,
            VersionPolicy = policy,
            HasAuthentication = settings.Authentication is not null,
            Credentials = credentials,
            Health = Health(settings.Name),
        };
    }

    private int CountErrors() => context.Problems.Count(p => p.Severity == ConfigSeverity.Error);

    private TargetCredentials? CredentialsOf(TargetSettings settings)
    {
        if (TargetCredentials.From(settings.Authentication, context) is not { } credentials) return null;
        var twice = options.Headers.Keys.FirstOrDefault(name => name.Equals(credentials.Field, StringComparison.OrdinalIgnoreCase));
        if (twice is null) return credentials;
        context.Problems.Error(options.LocationOf("headers"), $"'headers' of backend '{context.Name}' sets '{twice}', which its authentication sets; keep one");
        return null;
    }

    private TargetHealth Health(string target)
    {
        var passive = options.PassiveHealth;
        return new TargetHealth(passive, context.Environment.Clock, context.Targets.Count == 1 ? null
            : () => ForwardLog.TargetEjected(logger, target, context.Name, passive.MaxFailures, passive.EjectionSecs));
    }

    private (Version Version, HttpVersionPolicy Policy) VersionFor(Uri baseUrl, TargetSettings settings) => VersionAsked(settings) switch
    {
        "1.1" => (HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact),
        "2" => (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact),
        "3" => (HttpVersion.Version30, HttpVersionPolicy.RequestVersionExact),
        _ => (baseUrl.Scheme == Uri.UriSchemeHttps ? HttpVersion.Version20 : HttpVersion.Version11, HttpVersionPolicy.RequestVersionOrLower),
    };

    private string VersionAsked(TargetSettings settings)
        => options is { HttpVersion: "auto", BaseUrl: null } && settings.Connection?.Protocol is "h3" or "http3" ? "3" : options.HttpVersion;

    /// <summary>The same without our certificate.</summary>
    private SocketsHttpHandler? Anonymous(SocketsHttpHandler handler)
    {
        if (handler.SslOptions.ClientCertificateContext is null) return null;
        var anonymous = Handler();
        anonymous.SslOptions.CertificateChainPolicy = handler.SslOptions.CertificateChainPolicy;
        return anonymous;
    }

    private SocketsHttpHandler Handler()
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
            ConnectTimeout = TimeSpan.FromSeconds(options.ConnectTimeoutSecs),
            // A name that moves to another address is found again within this time.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            // An HTTP/2 connection whose other side has vanished would otherwise take every request to its death.
            KeepAlivePingDelay = TimeSpan.FromSeconds(20),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        };
        RepetitionGuard.AddTo(handler);
        return handler;
    }
}
