using System.Globalization;
using System.Net;
using Harmony.Http.Services.Http.Forwarding;
using Harmony.Http.Services.Http.Forwarding.Handler;
using Harmony.Http.Services.Http.Forwarding.Http1;
using Harmony.Http.Services.Targets;

namespace Harmony.Http.Services.Http.Targets;

/// <summary>One system requests are sent to: where it is, its pool of connections, and how it is doing. The last two may outlive it.</summary>
internal sealed class HttpTarget : Target
{
    private readonly TargetPool _pool;
    private readonly HandlerSender _byHandler;
    private readonly HandlerSender _anonymous;

    /// <param name="baseUrl">Where it is.</param>
    /// <param name="pool">Its connections.</param>
    public HttpTarget(Uri baseUrl, TargetPool pool)
    {
        BaseUrl = baseUrl;
        _pool = pool;
        _byHandler = new HandlerSender(pool.Invoker);
        _anonymous = pool.Anonymous is null ? _byHandler : new HandlerSender(pool.Anonymous);
        Root = baseUrl.AbsoluteUri.TrimEnd('/');
        Origin = OriginOf(baseUrl);
        BasePath = baseUrl.AbsolutePath.TrimEnd('/');
    }

    public Uri BaseUrl { get; }

    /// <summary>Scheme, authority and base path without a slash at the end: what request paths are put behind.</summary>
    public string Root { get; }

    /// <summary>Scheme and authority.</summary>
    public string Origin { get; }

    /// <summary>The path that request paths are put behind; empty, or with a slash at its beginning and none at its end.</summary>
    public string BasePath { get; }

    /// <summary>Time without progress after which a request is given up.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>HTTP version requests are sent in.</summary>
    public Version Version { get; init; } = HttpVersion.Version11;

    public HttpVersionPolicy VersionPolicy { get; init; }

    /// <summary>Whether the gateway says itself who it is, so that what the client says of itself is not for this target.</summary>
    public bool HasAuthentication { get; init; }

    public TargetCredentials? Credentials { get; init; }

    public HttpMessageInvoker Invoker => _pool.Invoker;

    public override int InFlight => _pool.InFlight;

    public override string Url => BaseUrl.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped);

    /// <summary>Whether a URL leads to this target and not, because a middleware said so, to another that its credentials are none of the business of.</summary>
    public bool IsOriginOf(Uri url)
        => url.Port == BaseUrl.Port && url.Scheme == BaseUrl.Scheme && url.IdnHost.Equals(BaseUrl.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>What sends a request: our certificate is shown to the target alone.</summary>
    public ITargetSender SenderFor(OutgoingHead head) => head.IsElsewhere ? _anonymous : (ITargetSender?)_pool.Http1 ?? _byHandler;

    /// <summary>Whether fields can follow the body of this request; HttpClient has no way to send them.</summary>
    public bool TakesTrailers(OutgoingHead head) => SenderFor(head) is Http1Sender;

    /// <summary>Scheme and authority of a URL, as <see cref="Origin"/> has them.</summary>
    public static string OriginOf(Uri url)
    {
        var host = url.HostNameType == UriHostNameType.IPv6 ? $"[{url.IdnHost}]" : url.IdnHost;
        return url.IsDefaultPort ? $"{url.Scheme}://{host}" : string.Create(CultureInfo.InvariantCulture, $"{url.Scheme}://{host}:{url.Port}");
    }

    public void Enter() => _pool.Enter();

    public void Leave() => _pool.Leave();
}
