using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Http.Services.Http.Forwarding.Handler;
using Harmony.Http.Services.Http.Targets;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>Says of an exception during forwarding who is to blame, what went wrong, and whether another try makes sense.</summary>
internal static class ForwardFaults
{
    /// <summary>A fault before there was an answer.</summary>
    /// <param name="e">What was caught.</param>
    /// <param name="target">Where the request went.</param>
    /// <param name="request">The request.</param>
    /// <param name="sent">What was sent, or null when it was not even made: its method may differ from the client's.</param>
    /// <param name="content">The body on its way, or null.</param>
    /// <param name="deadline">The request's deadline.</param>
    public static Exception From(
        Exception e, HttpTarget target, RequestEnvelope request, OutgoingHead? sent, RequestContent? content, ActivityTimeout deadline)
    {
        if (OfClient(e, request, content) is { } clientFault) return clientFault;
        if (deadline.HasExpired)
        {
            return new GatewayException(FaultSource.Backend, FaultKind.Timeout, $"{target.Described} did not answer, or stopped moving, for {Seconds(target)} s", e);
        }

        return e switch
        {
            OperationCanceledException => new GatewayException(FaultSource.Backend, FaultKind.Timeout, $"{target.Described} took no connection in time", e, NothingSent(content)),
            HttpRequestException http => FromHttp(http, target.Described, NothingSent(content), MayRepeat(request, sent, content)),
            RepetitionException => new GatewayException(
                FaultSource.Backend, FaultKind.Protocol, $"{target.Described} broke off: {e.Message}", e, MayRepeat(request, sent, content)),
            IOException => new GatewayException(FaultSource.Backend, FaultKind.Protocol, $"{target.Described} broke off: {e.Message}", e, MayRepeat(request, sent, content)),
            _ => e,
        };
    }

    /// <summary>A fault in the middle of an answer. It cannot be repeated: part of it may be with the client.</summary>
    public static Exception InAnswer(Exception e, HttpTarget target, RequestEnvelope request, RequestContent? content, ActivityTimeout deadline)
    {
        if (OfClient(e, request, content) is { } clientFault) return clientFault;
        if (deadline.HasExpired)
        {
            return new GatewayException(FaultSource.Backend, FaultKind.Timeout, $"{target.Described} stopped in the middle of its answer for {Seconds(target)} s", e);
        }

        // It may quote what the target sent.
        if (e is HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse })
        {
            return new GatewayException(FaultSource.Backend, FaultKind.Protocol, $"{target.Described} sent a body that is not valid HTTP");
        }

        return e is IOException or HttpRequestException
            ? new GatewayException(FaultSource.Backend, FaultKind.Protocol, $"{target.Described} broke off in the middle of its answer: {e.Message}", e)
            : e;
    }

    private static Exception? OfClient(Exception e, RequestEnvelope request, RequestContent? content)
        => request.Aborted.IsCancellationRequested ? new GatewayException(FaultSource.Client, FaultKind.ClientGone, "the client has gone", e) : content?.ClientFault;

    private static string Seconds(HttpTarget target) => target.Timeout.TotalSeconds.ToString("0");

    private static GatewayException FromHttp(HttpRequestException e, string who, bool nothingSent, bool mayRepeat) => e.HttpRequestError switch
    {
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            => new GatewayException(FaultSource.Backend, FaultKind.Unreachable, $"{who} cannot be reached: {e.Message}", e, nothingSent),
        HttpRequestError.SecureConnectionError
            => new GatewayException(FaultSource.Backend, FaultKind.Unreachable, $"no TLS connection to {who}: {(e.InnerException ?? e).Message}", e, nothingSent),
        HttpRequestError.VersionNegotiationError
            => new GatewayException(FaultSource.Backend, FaultKind.Protocol, $"{who} does not speak the HTTP version that is configured", e),
        // The exception quotes what the target sent, which may be about a patient, so it goes no further.
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded
            => new GatewayException(FaultSource.Backend, FaultKind.Protocol, $"{who} sent an answer that is not valid HTTP, or too long or broken off a head"),
        _ => new GatewayException(FaultSource.Backend, FaultKind.Protocol, $"{who} broke off: {(e.InnerException ?? e).Message}", e, mayRepeat),
    };

    /// <summary>Where no connection was made nothing has happened, so every method may be tried again.</summary>
    private static bool NothingSent(RequestContent? content) => content is null || !content.HasStarted;

    /// <summary>Only a method whose repetition does no harm (RFC 9110 §9.2.2), and only with a body that is still there.</summary>
    private static bool MayRepeat(RequestEnvelope request, OutgoingHead? sent, RequestContent? content)
        => sent is not null
        && IsIdempotent(sent.Method)
        && request.ProtocolSwitch is null
        && (request.Body.IsKept || NothingSent(content));

    public static bool IsIdempotent(string method) => method is "GET" or "HEAD" or "OPTIONS" or "TRACE" or "PUT" or "DELETE";
}
