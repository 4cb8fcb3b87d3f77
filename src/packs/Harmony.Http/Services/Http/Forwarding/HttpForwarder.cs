using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Http.Services.Http.Forwarding.Handler;
using Harmony.Http.Services.Http.Forwarding.Http1;
using Harmony.Http.Services.Http.Targets;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>What to do about a request that a target failed: another response, or the fault. Ends the upload if there is no response.</summary>
internal delegate ValueTask<ResponseEnvelope> FaultHandler(
    RequestEnvelope request, RequestUpload? upload, HttpTarget target, GatewayException fault, CancellationToken ct);

/// <summary>Sends one request to one target, once, and makes an envelope of the head of the response; bodies stream both ways.</summary>
internal sealed class HttpForwarder(HttpBackendOptions options, TimeProvider clock)
{
    private readonly OutgoingRequest _outgoing = new(options);

    /// <summary>The beginning of what would be sent.</summary>
    public OutgoingHead HeadOf(RequestEnvelope request, HttpTarget target) => _outgoing.HeadOf(request, target);

    /// <param name="request">The request.</param>
    /// <param name="upload">
    /// Its body; null for none. Ended with the response; where there is none, it is for the caller to end, except after <paramref name="onFault"/>.
    /// </param>
    /// <param name="target">Where it goes.</param>
    /// <param name="onFault">
    /// Answers in the place of a target that failed, or throws. Here, and not around this method, because each awaiting method costs.
    /// </param>
    /// <param name="needsOwnConnection">Whether not to share a connection of HTTP/2 with other requests.</param>
    /// <param name="ct">Trips when the client has gone.</param>
    /// <exception cref="GatewayException">No connection, no response in time, or broken off; says whether another try makes sense.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ResponseEnvelope> SendAsync(
        RequestEnvelope request, RequestUpload? upload, HttpTarget target, FaultHandler? onFault, bool needsOwnConnection, CancellationToken ct)
    {
        var deadline = ActivityTimeout.Start(clock, target.Timeout, ct);
        upload?.BeginTry();
        OutgoingHead? head = null;
        TargetAnswer? answer = null;
        target.Enter();
        var started = clock.GetTimestamp();
        try
        {
            head = _outgoing.Build(request, target, upload);
            head.NeedsOwnConnection = needsOwnConnection;
            if (request.Departure is { } departure)
                await departure.AuthorizeAsync(new DepartureUrl(head.Origin, head.PathAndQuery), head.Fields, deadline.Token);
            answer = await target.SenderFor(head).SendAsync(head, upload, deadline);
            target.Answered(clock.GetElapsedTime(started));
            deadline.Progress();
            upload?.Answered();
            return Envelope(request, answer, upload, deadline, target);
        }
        catch (Exception e)
        {
            var fault = ForwardFaults.From(e, target, request, head, upload, deadline);
            deadline.Cancel(); // the client's stream may not be read any more
            if (answer is not null) await answer.DisposeAsync();
            if (upload is not null) await upload.WhenDone;
            target.Leave();
            deadline.Dispose();
            if (onFault is not null && fault is GatewayException { FaultSource: FaultSource.Backend } ofTarget)
                return await onFault(request, upload, target, ofTarget, ct);
            if (onFault is not null && upload is not null) await upload.EndAsync();
            ExceptionDispatchInfo.Throw(fault);
            throw;
        }
    }

    private ResponseEnvelope Envelope(
        RequestEnvelope request, TargetAnswer answer, RequestUpload? upload, ActivityTimeout deadline, HttpTarget target)
    {
        if (answer.SwitchedTo is { } protocol)
        {
            SetSwitch(request, answer, protocol);
            deadline.Allow(TimeSpan.FromSeconds(options.UpgradeIdleSecs));
            return new ResponseEnvelope(request, answer.Status)
            {
                Headers = answer.Fields,
                SwitchedStream = new SwitchedStream(answer.Switched!, deadline),
                OnProgress = deadline.OnProgress,
                Source = new ResponseSource(answer, null, request, upload, deadline, target),
            };
        }

        var body = new AnswerStream(answer.Body, target, request, upload, deadline, answer.Length);
        return new ResponseEnvelope(request, answer.Status)
        {
            Reason = answer.Reason,
            Headers = answer.Fields,
            Body = answer.Length == 0 ? Body.Empty() : Body.FromStream(body, answer.Length),
            Trailers = answer.MayHaveTrailers ? answer.ReadTrailers : null,
            OnProgress = deadline.OnProgress,
            Source = new ResponseSource(answer, body, request, upload, deadline, target),
        };
    }

    private static void SetSwitch(RequestEnvelope request, TargetAnswer answer, string protocol)
    {
        if (request.ProtocolSwitch is null || answer.Switched is null)
        {
            throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, "the target switched protocols without a request for it");
        }

        answer.Fields.Set("connection", "Upgrade");
        answer.Fields.Set("upgrade", protocol.Length > 0 ? protocol : request.ProtocolSwitch.Protocol);
    }
}

/// <summary>Carries a request to a target and brings its answer, in one version or another of HTTP.</summary>
internal interface ITargetSender
{
    /// <summary>Whether fields can follow the body of a request.</summary>
    bool TakesTrailers { get; }

    /// <summary>Sends a request and waits for the head of the answer.</summary>
    /// <param name="head">The head.</param>
    /// <param name="upload">The body; null for none. May still be on its way when the answer is there.</param>
    /// <param name="deadline">Its token ends everything, the answer's body included.</param>
    /// <exception cref="HttpRequestException">No connection, or something that is not HTTP.</exception>
    /// <exception cref="IOException">The target broke off.</exception>
    ValueTask<TargetAnswer> SendAsync(OutgoingHead head, RequestUpload? upload, ActivityTimeout deadline);
}

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
