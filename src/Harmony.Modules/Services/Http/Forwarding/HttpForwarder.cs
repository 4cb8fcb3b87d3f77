using System.Net;
using System.Runtime.CompilerServices;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Modules.Services.Http.Targets;

namespace Harmony.Modules.Services.Http.Forwarding;

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
        HttpRequestMessage? message = null;
        HttpResponseMessage? answer = null;
        target.Enter();
        try
        {
            message = _outgoing.Build(request, target, content);
            answer = await target.InvokerFor(message.RequestUri!).SendAsync(message, deadline.Token);
            deadline.Progress();
            return Envelope(request, answer, content, deadline, target);
        }
        catch (Exception e)
        {
            var fault = ForwardFaults.From(e, target, request, message, content, deadline);
            deadline.Cancel(); // the client's stream may not be read any more
            answer?.Dispose();
            message?.Dispose();
            if (content is not null) await content.WhenDone;
            target.Leave();
            deadline.Dispose();
            if (onFault is null || fault is not GatewayException { FaultSource: FaultSource.Backend } ofTarget) throw fault;
            return await onFault(request, target, ofTarget, ct);
        }
    }

    private ResponseEnvelope Envelope(
        RequestEnvelope request, HttpResponseMessage answer, RequestContent? content, ActivityTimeout deadline, HttpTarget target)
    {
        var fields = AnswerFields.Of(answer, out var isChunked);
        var switched = answer.StatusCode == HttpStatusCode.SwitchingProtocols;
        if (switched)
        {
            SetSwitch(request, answer, fields);
            deadline.Allow(TimeSpan.FromSeconds(options.UpgradeIdleSecs));
        }

        var length = isChunked ? null : AnswerFields.LengthOf(answer);
        var stream = answer.Content.ReadAsStream(CancellationToken.None); // the one from the wire, nothing is read here
        var body = switched ? null : new AnswerStream(stream, target, request, content, deadline);
        return new ResponseEnvelope(request, (int)answer.StatusCode)
        {
            Headers = fields,
            Body = body is null || length == 0 ? Body.Empty() : Body.FromStream(body, length),
            SwitchedStream = switched ? new SwitchedStream(stream, deadline) : null,
            Trailers = isChunked || answer.Version.Major > 1 ? answer.ReadTrailers : null,
            OnProgress = deadline.OnProgress,
            Source = new ResponseSource(answer, body, request, content, deadline, target),
        };
    }

    private static void SetSwitch(RequestEnvelope request, HttpResponseMessage answer, HeaderFields fields)
    {
        if (request.ProtocolSwitch is null) throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, "the target switched protocols though nobody asked");
        fields.Set("connection", "Upgrade");
        fields.Set("upgrade", answer.Headers.NonValidated.TryGetValues("Upgrade", out var chosen) ? chosen.ToString() : request.ProtocolSwitch.Protocol);
    }
}
