using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Http.Services.Http.Targets;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>What to do about a request that a target failed: another response, or the fault. Ends the upload if there is no response.</summary>
internal delegate ValueTask<ResponseEnvelope> FaultHandler(
    RequestEnvelope request, RequestUpload? upload, HttpTarget target, GatewayException fault, CancellationToken ct);

/// <summary>Sends one request to one target, once, and makes an envelope of the head of the response; bodies stream both ways.</summary>
internal sealed class HttpForwarder(HttpBackendOptions options, TimeProvider clock)
{
    private readonly OutgoingRequest _outgoing = new(options);

    /// <param name="request">The request.</param>
    /// <param name="upload">Its body; null for none. Ended with the response; where there is none, it is for the caller to end, except after <paramref name="onFault"/>.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="onFault">Answers in the place of a target that failed, or throws. Here, and not around this method, because each awaiting method costs.</param>
    /// <param name="ct">Trips when the client has gone.</param>
    /// <exception cref="GatewayException">No connection, no response in time, or broken off; says whether another try makes sense.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, RequestUpload? upload, HttpTarget target, FaultHandler? onFault, CancellationToken ct)
    {
        var deadline = ActivityTimeout.Start(clock, target.Timeout, ct);
        upload?.BeginTry();
        OutgoingHead? head = null;
        TargetAnswer? answer = null;
        target.Enter();
        try
        {
            head = _outgoing.Build(request, target, upload);
            answer = await target.SenderFor(head).SendAsync(head, upload, deadline);
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
            if (onFault is not null && fault is GatewayException { FaultSource: FaultSource.Backend } ofTarget) return await onFault(request, upload, target, ofTarget, ct);
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
            throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, "the target switched protocols though nobody asked");
        }

        answer.Fields.Set("connection", "Upgrade");
        answer.Fields.Set("upgrade", protocol.Length > 0 ? protocol : request.ProtocolSwitch.Protocol);
    }
}
