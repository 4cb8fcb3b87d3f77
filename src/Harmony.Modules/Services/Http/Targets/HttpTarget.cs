using System.Net;

namespace Harmony.Modules.Services.Http.Targets;

/// <summary>One system requests are sent to: where it is, its pool of connections, and how it is doing. The last two may outlive it.</summary>
internal sealed class HttpTarget
{
    private readonly TargetPool _pool;

    /// <param name="baseUrl">Where it is.</param>
    /// <param name="pool">Its connections.</param>
    public HttpTarget(Uri baseUrl, TargetPool pool)
    {
        BaseUrl = baseUrl;
        _pool = pool;
        Root = baseUrl.AbsoluteUri.TrimEnd('/');
        HasBasePath = baseUrl.AbsolutePath.Length > 1;
    }

    public required string Name { get; init; }

    /// <summary>What it is called in messages.</summary>
    public required string Described { get; init; }

    public Uri BaseUrl { get; }

    /// <summary>Scheme, authority and base path without a slash at the end: what request paths are put behind.</summary>
    public string Root { get; }

    public bool HasBasePath { get; }

    public int Weight { get; init; } = 1;

    /// <summary>Time without progress after which a request is given up.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>HTTP version requests are sent in.</summary>
    public Version Version { get; init; } = HttpVersion.Version11;

    public HttpVersionPolicy VersionPolicy { get; init; }

    /// <summary>Whether the gateway says itself who it is, so that what the client says of itself is not for this target.</summary>
    public bool HasAuthentication { get; init; }

    public TargetCredentials? Credentials { get; init; }

    public required TargetHealth Health { get; init; }

    public HttpMessageInvoker Invoker => _pool.Invoker;

    /// <summary>Requests under way.</summary>
    public int InFlight => _pool.InFlight;

    /// <summary>Whether a URL leads to this target and not, because a middleware said so, to another that its credentials are none of the business of.</summary>
    public bool IsOriginOf(Uri url)
        => url.Port == BaseUrl.Port && url.Scheme == BaseUrl.Scheme && url.IdnHost.Equals(BaseUrl.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>What to send a request to <paramref name="url"/> by: our certificate is shown to the target alone.</summary>
    public HttpMessageInvoker InvokerFor(Uri url) => _pool.Anonymous is not { } anonymous || IsOriginOf(url) ? Invoker : anonymous;

    public void Enter() => _pool.Enter();

    public void Leave() => _pool.Leave();
}
