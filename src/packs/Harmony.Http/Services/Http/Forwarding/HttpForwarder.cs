using System.Runtime.CompilerServices;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Http.Services.Http.Targets;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>Sends one request to one target, once, and makes an envelope of the answer's head; bodies stream both ways.</summary>
internal sealed class HttpForwarder(HttpBackendOptions options, TimeProvider clock)
{
    private readonly OutgoingRequest _outgoing = new(options);

    /// <param name="request">The request.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="onFault">Answers in the place of a target that failed, or throws. Here, and not around this method, because each awaiting method costs.</param>
    /// <param name="ct">Trips when the client has gone.</param>
    /// <exception cref="GatewayException">No connection, no answer in time, or broken off; says whether another try makes sense.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, HttpTarget target, FaultHandler? onFault, CancellationToken ct)
    {
        var deadline = ActivityTimeout.Start(clock, target.Timeout, ct);
        var content = request.Body.IsEmpty ? null : new RequestContent(request.Body, deadline);
        OutgoingHead? head = null;
        TargetAnswer? answer = null;
        target.Enter();
        try
        {
            head = _outgoing.Build(request, target, content);
            answer = await target.SenderFor(head).SendAsync(head, content, target, deadline);
            deadline.Progress();
            return Envelope(request, answer, content, deadline, target);
        }
        catch (Exception e)
        {
            var fault = ForwardFaults.From(e, target, request, head, content, deadline);
            deadline.Cancel(); // the client's stream may not be read any more
            if (answer is not null) await answer.DisposeAsync();
            if (content is not null) await content.WhenDone;
            target.Leave();
            deadline.Dispose();
            if (onFault is null || fault is not GatewayException { FaultSource: FaultSource.Backend } ofTarget) throw fault;
            return await onFault(request, target, ofTarget, ct);
        }
    }

    private ResponseEnvelope Envelope(
        RequestEnvelope request, TargetAnswer answer, RequestContent? content, ActivityTimeout deadline, HttpTarget target)
    {
        if (answer.SwitchedTo is { } protocol)
        {
            SetSwitch(request, answer.Fields, protocol);
            deadline.Allow(TimeSpan.FromSeconds(options.UpgradeIdleSecs));
            return new ResponseEnvelope(request, answer.Status)
            {
                Headers = answer.Fields,
                SwitchedStream = new SwitchedStream(answer.Body, deadline),
                OnProgress = deadline.OnProgress,
                Source = new ResponseSource(answer, null, request, content, deadline, target),
            };
        }

        var body = new AnswerStream(answer.Body, target, request, content, deadline, answer.Length);
        return new ResponseEnvelope(request, answer.Status)
        {
            Headers = answer.Fields,
            Body = answer.Length == 0 ? Body.Empty() : Body.FromStream(body, answer.Length),
            Trailers = answer.MayHaveTrailers ? answer.ReadTrailers : null,
            OnProgress = deadline.OnProgress,
            Source = new ResponseSource(answer, body, request, content, deadline, target),
        };
    }

    private static void SetSwitch(RequestEnvelope request, HeaderFields fields, string protocol)
    {
        if (request.ProtocolSwitch is null) throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, "the target switched protocols though nobody asked");
        fields.Set("connection", "Upgrade");
        fields.Set("upgrade", protocol.Length > 0 ? protocol : request.ProtocolSwitch.Protocol);
    }
}
