using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Http.Services.Http.Forwarding.Handler;
using Harmony.Http.Services.Http.Targets;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>Maps an exception during forwarding to the source of the fault, its kind, and whether a retry makes sense.</summary>
internal static class ForwardFaults
{
    private const long NoError = 0;
    private const long RefusedStream = 7;

    /// <summary>A fault before there was a response.</summary>
    /// <param name="e">What was caught.</param>
    /// <param name="target">Where the request went.</param>
    /// <param name="request">The request.</param>
    /// <param name="sent">What was sent, or null when it was not even made: its method may differ from the client's.</param>
    /// <param name="upload">The body on its way, or null.</param>
    /// <param name="deadline">The request's deadline.</param>
    public static Exception From(Exception e, HttpTarget target, RequestEnvelope request, OutgoingHead? sent, RequestUpload? upload, ActivityTimeout deadline)
    {
        if (OfClient(e, target, request, upload, deadline) is { } clientFault) return clientFault;
        if (deadline.HasExpired)
        {
            return new GatewayException(
                FaultSource.Backend, FaultKind.Timeout, $"{target.Described} did not respond, or made no progress, for {Seconds(target)} s", e);
        }

        var untouched = request.ProtocolSwitch is null && upload is null or { CanBeSent: true };
        var nothingSent = upload is null or { HasStarted: false } || (e is ConnectTimeoutException && untouched);
        var mayRepeat = sent is not null && IsIdempotent(sent.Method) && untouched && upload is null or { IsHereWhole: true };
        return e switch
        {
            GatewayException => e,
            ConnectTimeoutException or { InnerException: ConnectTimeoutException }
                => new GatewayException(FaultSource.Backend, FaultKind.Timeout, $"{target.Described} took no connection in time", e, nothingSent),
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
                => new GatewayException(FaultSource.Backend, FaultKind.Unreachable, $"{target.Described} cannot be reached: {e.Message}", e, nothingSent),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
                => new GatewayException(FaultSource.Backend, FaultKind.Unreachable, $"no TLS connection to {target.Described}: {Cause(e)}", e, nothingSent),
            HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError }
                => Broken($"{target.Described} does not speak the HTTP version that is configured", e, mayRepeat: false),
            // The exception quotes what the target sent, which may be about a patient, so it goes no further.
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded }
                => new GatewayException(
                    FaultSource.Backend, FaultKind.Protocol, $"{target.Described} sent a response that is not valid HTTP, or too long or broken off a head"),
            _ when IsUntouched(e) => Broken($"{target.Described} refused the request unread: {Cause(e)}", e, untouched),
            // .NET reports it for requests that waited for a connection that was being closed in order (§6.8), and does not repeat them.
            HttpRequestException { InnerException: HttpProtocolException { ErrorCode: NoError } } when upload is { WasSentWhole: false }
                => Broken($"{target.Described} refused the request unread: {Cause(e)}", e, untouched),
            // The time is not up and the client is still there: the connection was shut down under the request.
            OperationCanceledException
                => Broken($"{target.Described} shut its connection down", e, mayRepeat || (untouched && upload is { WasSentWhole: false })),
            HttpRequestException or RepetitionException or IOException => Broken($"{target.Described} broke off: {Cause(e)}", e, mayRepeat),
            _ => e,
        };
    }

    /// <summary>A fault in the middle of a response. It cannot be repeated: part of it may be with the client.</summary>
    public static Exception InAnswer(Exception e, HttpTarget target, RequestEnvelope request, RequestUpload? upload, ActivityTimeout deadline)
    {
        if (OfClient(e, target, request, upload, deadline) is { } clientFault) return clientFault;
        if (deadline.HasExpired)
        {
            return new GatewayException(
                FaultSource.Backend, FaultKind.Timeout, $"{target.Described} stopped in the middle of its response for {Seconds(target)} s", e);
        }

        // It may quote what the target sent.
        if (e is HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse })
        {
            return new GatewayException(FaultSource.Backend, FaultKind.Protocol, $"{target.Described} sent a body that is not valid HTTP");
        }

        return e is IOException or HttpRequestException
            ? new GatewayException(FaultSource.Backend, FaultKind.Protocol, $"{target.Described} broke off in the middle of its response: {e.Message}", e)
            : e;
    }

    /// <summary>Methods whose repetition does no harm (RFC 9110 §9.2.2).</summary>
    public static bool IsIdempotent(string method) => method is "GET" or "HEAD" or "OPTIONS" or "TRACE" or "PUT" or "DELETE";

    /// <summary>Whether an origin of HTTP/2 has closed a connection in order under the request (RFC 9113 §6.8), or refused one stream of it.</summary>
    public static bool IsOrderlyClose(Exception? e)
        => IsUntouched(e) || e is HttpRequestException { InnerException: HttpProtocolException { ErrorCode: NoError } };

    /// <summary>Whether an origin of HTTP/2 has said that it has not acted on the request (RFC 9113 §8.7).</summary>
    private static bool IsUntouched(Exception? e)
        => e is RepetitionException { IsUntouched: true } or HttpRequestException { InnerException: HttpProtocolException { ErrorCode: RefusedStream } };

    /// <summary>What is not the target's fault. A time-out of the whole request is, if the target was waited for when it came.</summary>
    private static Exception? OfClient(Exception e, HttpTarget target, RequestEnvelope request, RequestUpload? upload, ActivityTimeout deadline)
    {
        if (request.Overdue.IsCancellationRequested)
        {
            var source = deadline.IsPaused ? FaultSource.Client : FaultSource.Backend;
            return new GatewayException(source, FaultKind.Timeout, $"the time for the whole request was over while {target.Described} had it", e);
        }

        return request.Aborted.IsCancellationRequested
            ? new GatewayException(FaultSource.Client, FaultKind.ClientGone, "the client has gone", e)
            : upload?.ClientFault;
    }

    private static GatewayException Broken(string message, Exception cause, bool mayRepeat)
        => new(FaultSource.Backend, FaultKind.Protocol, message, cause, mayRepeat);

    private static string Cause(Exception e) => (e is HttpRequestException ? e.InnerException ?? e : e).Message;

    private static string Seconds(HttpTarget target) => target.Timeout.TotalSeconds.ToString("0");
}
