using System.Globalization;
using Harmony.Core.Modules;
using Harmony.Http.Services.Http.Forwarding;
using Harmony.Http.Services.Targets;

namespace Harmony.Http.Services.Http.Targets;

/// <summary>One system requests are sent to: where it is, its pool of connections, and how it is doing. The last two may outlive it.</summary>
internal sealed class HttpTarget : Target
{
    private readonly TargetPool _pool;

    /// <param name="baseUrl">Where it is.</param>
    /// <param name="pool">Its connections.</param>
    public HttpTarget(Uri baseUrl, TargetPool pool)
    {
        BaseUrl = baseUrl;
        _pool = pool;
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

    /// <summary>Whether the gateway says itself who it is, so that what the client says of itself is not for this target.</summary>
    public bool HasAuthentication { get; init; }

    public TargetCredentials? Credentials { get; init; }

    public override int InFlight => _pool.InFlight;

    public override int Waiting => _pool.Waiting;

    public override string Url => BaseUrl.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped);

    /// <summary>Whether the URL has this target's origin, so that its credentials may be sent there.</summary>
    public bool IsOriginOf(Uri url)
        => url.Port == BaseUrl.Port && url.Scheme == BaseUrl.Scheme && url.IdnHost.Equals(BaseUrl.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>What sends a request: our certificate is shown to the target alone.</summary>
    public ITargetSender SenderFor(OutgoingHead head) => _pool.SenderFor(head);

    /// <summary>Whether fields can follow the body of this request.</summary>
    public bool TakesTrailers(OutgoingHead head) => SenderFor(head).TakesTrailers;

    /// <summary>Scheme and authority of a URL, as <see cref="Origin"/> has them.</summary>
    public static string OriginOf(Uri url)
    {
        var host = url.HostNameType == UriHostNameType.IPv6 ? $"[{url.IdnHost}]" : url.IdnHost;
        return url.IsDefaultPort ? $"{url.Scheme}://{host}" : string.Create(CultureInfo.InvariantCulture, $"{url.Scheme}://{host}:{url.Port}");
    }

    public void Enter() => _pool.Enter();

    public void Leave() => _pool.Leave();
}

/// <summary>
/// A GET by the client and over the connections that carry the requests, so that the check proves what requests use. A status of 200 to 299 is good.
/// </summary>
/// <param name="target">The target to ask.</param>
/// <param name="path">The path below its base URL.</param>
/// <param name="departure">Gives the check what a member of a mesh asks for; null for nothing.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class HttpHealthCheck(HttpTarget target, string path, IDeparture? departure, TimeProvider clock) : IHealthCheck
{
    /// <summary>Bytes of a response that are read so that its connection can be used again.</summary>
    private const int MostRead = 64 * 1024;

    private readonly string _path = $"{target.BasePath}/{path.TrimStart('/')}";

    public async Task<string?> FindFaultAsync(CancellationToken ct)
    {
        using var deadline = ActivityTimeout.Start(clock, TimeSpan.Zero, ct);
        var head = new OutgoingHead { Method = "GET", Origin = target.Origin, PathAndQuery = _path, IsHealthCheck = true };
        if (target.Credentials is { } credentials) head.Fields.Add(credentials.Field, credentials.Value);
        if (departure is not null) await departure.AuthorizeAsync(new DepartureUrl(head.Origin, head.PathAndQuery), head.Fields, deadline.Token);
        await using var answer = await target.SenderFor(head).SendAsync(head, upload: null, deadline);
        var buffer = new byte[4096];
        for (var read = 0; read < MostRead;)
        {
            var count = await answer.Body.ReadAsync(buffer, deadline.Token);
            if (count == 0) break;
            read += count;
        }

        return answer.Status is >= 200 and <= 299 ? null : $"responded with {answer.Status} to the health check";
    }
}
