using Harmony.Http.Services.Http.Forwarding.Handler;
using Harmony.Http.Services.Http.Forwarding.Http1;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>
/// Sends to an origin of <c>https</c> in the version of HTTP that the origin chooses in the handshake of TLS (ALPN, RFC 7301): HTTP/2 by the platform's client,
/// else HTTP/1.1 by the gateway's own. The first request finds out, those that come meanwhile wait for it, and the choice stands until it proves wrong.
/// </summary>
internal sealed class NegotiatingSender(TargetConnector connector, Http1Sender http1, HandlerSender http2) : ITargetSender
{
    private readonly Lock _lock = new();
    private Task<ITargetSender>? _choosing;
    private volatile ITargetSender? _chosen;

    public bool TakesTrailers => _chosen is { TakesTrailers: true };

    public ValueTask<TargetAnswer> SendAsync(OutgoingHead head, RequestUpload? upload, ActivityTimeout deadline)
    {
        if (head.Switches) return http1.SendAsync(head, upload, deadline); // an upgrade is of HTTP/1.1
        return _chosen == http1 ? http1.SendAsync(head, upload, deadline) : ChooseAndSendAsync(head, upload, deadline);
    }

    private async ValueTask<TargetAnswer> ChooseAndSendAsync(OutgoingHead head, RequestUpload? upload, ActivityTimeout deadline)
    {
        try
        {
            var sender = _chosen ?? await Choose().WaitAsync(deadline.Token);
            return await sender.SendAsync(head, upload, deadline);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.VersionNegotiationError)
        {
            // The origin does not take HTTP/2 any more, and has seen nothing of the request.
            lock (_lock) (_chosen, _choosing) = (null, null);
            return await http1.SendAsync(head, upload, deadline);
        }
    }

    private Task<ITargetSender> Choose()
    {
        lock (_lock)
        {
            if (_choosing is null or { IsFaulted: true } or { IsCanceled: true }) _choosing = NegotiateAsync();
            return _choosing;
        }
    }

    /// <summary>Takes no token: it is for all that wait, and has its own time.</summary>
    private async Task<ITargetSender> NegotiateAsync()
    {
        await Task.Yield(); // not within the lock
        var connection = await connector.ConnectAsync(offersHttp2: true, CancellationToken.None);
        if (connection.IsHttp2)
        {
            connection.Dispose(); // the handler makes its own
            return _chosen = http2;
        }

        await http1.AddAsync(connection, CancellationToken.None);
        return _chosen = http1;
    }
}
