using System.Net;

namespace Harmony.Modules.Services.Http.Targets;

/// <summary>One system requests are sent to: where it is, its pool of connections, and how it is doing.</summary>
internal sealed class HttpTarget : IDisposable
{
    private readonly SocketsHttpHandler _handler;
    private readonly HttpMessageInvoker? _anonymous;
    private int _inFlight;

    /// <param name="baseUrl">Where it is.</param>
    /// <param name="handler">Its pool of connections.</param>
    /// <param name="anonymous">A pool that shows no certificate, for requests that a middleware sends elsewhere; null where the target's shows none either.</param>
    public HttpTarget(Uri baseUrl, SocketsHttpHandler handler, SocketsHttpHandler? anonymous = null)
    {
        _anonymous = anonymous is null ? null : new HttpMessageInvoker(anonymous);
        BaseUrl = baseUrl;
        _handler = handler;
        Root = baseUrl.AbsoluteUri.TrimEnd('/');
        HasBasePath = baseUrl.AbsolutePath.Length > 1;
        Invoker = new HttpMessageInvoker(handler, disposeHandler: false);
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

    public HttpMessageInvoker Invoker { get; }

    /// <summary>Requests under way.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Whether a URL leads to this target and not, because a middleware said so, to another that its credentials are none of the business of.</summary>
    public bool IsOriginOf(Uri url)
        => url.Port == BaseUrl.Port && url.Scheme == BaseUrl.Scheme && url.IdnHost.Equals(BaseUrl.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>What to send a request to <paramref name="url"/> by: our certificate is shown to the target alone.</summary>
    public HttpMessageInvoker InvokerFor(Uri url) => _anonymous is null || IsOriginOf(url) ? Invoker : _anonymous;

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    public void Dispose()
    {
        _anonymous?.Dispose();
        Invoker.Dispose();
        _handler.Dispose();
    }
}
