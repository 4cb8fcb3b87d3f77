using System.Net.Http.Headers;
using System.Net;

namespace Harmony.Core.Egress;

/// <summary>Limits of an <see cref="EgressClient"/>.</summary>
internal sealed record EgressSettings
{
    /// <summary>From the start of a request, connecting included, to the last byte of its answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most bytes of an answer's body.</summary>
    public int MaxResponseBytes { get; init; } = 1024 * 1024;

    /// <summary>Most connections to one host at a time.</summary>
    public int MaxConnections { get; init; } = 4;
}

/// <summary>A response, complete and in memory. Redirects are responses like others and are not followed.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="ContentType">Media type without parameters, lower case, or null.</param>
/// <param name="MaxAge">How long it may be kept according to <c>Cache-Control: max-age</c> (RFC 9111 §5.2.2.1), or null.</param>
/// <param name="Body">Its body, at most <see cref="EgressSettings.MaxResponseBytes"/>.</param>
internal sealed record EgressResponse(int Status, string? ContentType, TimeSpan? MaxAge, ReadOnlyMemory<byte> Body)
{
    /// <summary>How long the sender asks to be left alone, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the status is 2xx.</summary>
    public bool IsSuccess => Status is >= 200 and <= 299;
}

/// <summary>Why a request of the gateway's own got no answer.</summary>
internal enum EgressFailure
{
    /// <summary>The egress policy does not allow the scheme, the host or the address.</summary>
    Denied,

    /// <summary>The name is not known, the connection was refused, TLS failed, or the connection ended before the response did.</summary>
    Unreachable,

    /// <summary>No complete answer within the time allowed.</summary>
    Timeout,

    /// <summary>The answer is larger than allowed.</summary>
    TooLarge,

    /// <summary>The other side broke HTTP, or answered what is of no use.</summary>
    Protocol,
}

/// <summary>A request of the gateway's own failed. The message names host and reason, never path, query or credentials: it may be logged.</summary>
/// <param name="failure">What went wrong.</param>
/// <param name="message">In words.</param>
/// <param name="cause">The exception behind it.</param>
internal sealed class EgressException(EgressFailure failure, string message, Exception? cause = null) : Exception(message, cause)
{
    public EgressFailure Failure { get; } = failure;
}

/// <summary>
/// Sends requests of the gateway's own under the egress policy. Follows no redirect, uses no proxy, keeps no cookies, unpacks nothing, and
/// bounds time and size of responses. One instance serves all callers at the same time; its connections are pooled.
/// </summary>
internal sealed class EgressClient : IDisposable
{
    private static readonly ProductInfoHeaderValue UserAgent = new("harmony", null);

    private readonly EgressPolicy _policy;
    private readonly EgressSettings _settings;
    private readonly TimeProvider _clock;
    private readonly HttpMessageInvoker _invoker;

    /// <param name="policy">Where requests may go.</param>
    /// <param name="settings">Limits.</param>
    /// <param name="clock">Counts the time allowed.</param>
    /// <param name="connector">Makes connections; for tests of name resolution.</param>
    public EgressClient(EgressPolicy policy, EgressSettings settings, TimeProvider clock, EgressConnector? connector = null)
    {
        _policy = policy;
        _settings = settings;
        _clock = clock;
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = settings.Timeout,
            ConnectCallback = (connector ?? new EgressConnector(policy)).ConnectAsync,
            MaxConnectionsPerServer = settings.MaxConnections,
            MaxResponseHeadersLength = 32, // KiB
            MaxResponseDrainSize = 64 * 1024,
            // A name that moves to another address is found again within this time.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        });
    }

    /// <summary>Gets a document.</summary>
    /// <exception cref="EgressException">There is no answer; statuses other than 2xx are answers.</exception>
    public async Task<EgressResponse> GetAsync(Uri url, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        return await SendAsync(request, ct);
    }

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <exception cref="EgressException">There is no answer; statuses other than 2xx are answers.</exception>
    public Task<EgressResponse> SendAsync(HttpRequestMessage request, CancellationToken ct) => SendAsync(request, readsBody: true, ct);

    /// <summary>Sends a request whose answer matters by its status only; the body is left empty.</summary>
    /// <exception cref="EgressException">There is no answer; statuses other than 2xx are answers.</exception>
    public Task<EgressResponse> NotifyAsync(HttpRequestMessage request, CancellationToken ct) => SendAsync(request, readsBody: false, ct);

    public void Dispose() => _invoker.Dispose();

    private async Task<EgressResponse> SendAsync(HttpRequestMessage request, bool readsBody, CancellationToken ct)
    {
        var url = request.RequestUri ?? throw new ArgumentException("the request has no URL", nameof(request));
        if (_policy.ReasonAgainst(url) is { } reason) throw new EgressException(EgressFailure.Denied, reason);
        if (request.Headers.UserAgent.Count == 0) request.Headers.UserAgent.Add(UserAgent);

        using var deadline = new CancellationTokenSource(_settings.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            using var response = await _invoker.SendAsync(request, either.Token);
            var body = readsBody ? await ReadAsync(response.Content, url, either.Token) : default;
            return new EgressResponse(
                (int)response.StatusCode,
                response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant(),
                response.Headers.CacheControl?.MaxAge,
                body)
            {
                RetryAfter = RetryAfterOf(response.Headers.RetryAfter),
            };
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new EgressException(EgressFailure.Timeout, $"'{url.Host}' did not respond within {_settings.Timeout.TotalSeconds:0.###} s", e);
        }
        catch (HttpRequestException e)
        {
            throw Failed(e, url);
        }
        catch (IOException e)
        {
            throw Failed(e, url);
        }
    }

    /// <summary>Seconds or a date (RFC 9110 §10.2.3).</summary>
    private TimeSpan? RetryAfterOf(RetryConditionHeaderValue? field)
        => field?.Delta ?? (field?.Date is { } date && date > _clock.GetUtcNow() ? date - _clock.GetUtcNow() : null);

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, Uri url, CancellationToken ct)
    {
        var limit = _settings.MaxResponseBytes;
        if (content.Headers.ContentLength > limit) throw TooLarge(url);
        await using var stream = await content.ReadAsStreamAsync(ct);
        var kept = new MemoryStream();
        var buffer = new byte[Math.Min(limit, 16 * 1024) + 1];
        while (await stream.ReadAsync(buffer, ct) is > 0 and var count)
        {
            if (kept.Length + count > limit) throw TooLarge(url);
            kept.Write(buffer, 0, count);
        }

        return kept.GetBuffer().AsMemory(0, (int)kept.Length);
    }

    private EgressException TooLarge(Uri url)
        => new(EgressFailure.TooLarge, $"the response of '{url.Host}' is larger than {_settings.MaxResponseBytes} bytes");

    private static EgressException Failed(Exception e, Uri url) => e switch
    {
        HttpRequestException { InnerException: EgressException denied } => new EgressException(denied.Failure, denied.Message, e),
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError
        } unreachable
            => new EgressException(EgressFailure.Unreachable, $"'{url.Host}' cannot be reached: {Words(unreachable.HttpRequestError)}", e),
        _ when IsBrokenOff(e) => new EgressException(EgressFailure.Unreachable, $"'{url.Host}' broke off the connection", e),
        _ => new EgressException(EgressFailure.Protocol, $"'{url.Host}' sent no valid HTTP response", e),
    };

    /// <summary>Whether the connection ended before the answer did: closed, or reset.</summary>
    private static bool IsBrokenOff(Exception? e) => e switch
    {
        HttpIOException answer => answer.HttpRequestError == HttpRequestError.ResponseEnded,
        IOException => true,
        HttpRequestException request => request.HttpRequestError == HttpRequestError.ResponseEnded || IsBrokenOff(request.InnerException),
        _ => false,
    };

    private static string Words(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "its name is not known",
        HttpRequestError.SecureConnectionError => "no TLS connection could be made",
        _ => "no connection could be made",
    };
}
