using System.Collections.Frozen;
using Harmony.Core.Envelope;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>
/// The fields behind the body of a request that are for the target. They come after everything has been decided, so none of them may
/// be about what has been: framing, routing, conditions, authentication, the content's form (RFC 9110 §6.5.1). Nor may one repeat a field of the head,
/// which is what the gateway vouches for; an origin that throws both together would take the client's word for it.
/// </summary>
internal static class RequestTrailers
{
    private static readonly FrozenSet<string> Never = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Authorization", "Cache-Control", "Content-Encoding", "Content-Length", "Content-Range", "Content-Type", "Cookie", "Expect", "Host", "If-Match",
        "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since", "Max-Forwards", "Pragma", "Range", "Trailer", "X-Content-Length", "X-Request-Id");

    /// <summary>Whether there may be some to send. A body that a step has changed is not the one they speak of.</summary>
    public static bool MayFollow(RequestEnvelope request) => request.Trailers is not null && request.Body is { Length: null, IsReplaced: false };

    /// <summary>Those to send, once the body has been read to its end; null for none.</summary>
    public static HeaderFields? Of(RequestEnvelope request, OutgoingHead head)
    {
        if (request.Trailers?.Invoke() is not { } sent) return null;
        HeaderFields? passed = null;
        var named = HopByHopFields.NamedBy(request.Headers.Combined("connection"));
        foreach (ref readonly var field in sent.AsSpan())
        {
            if (IsLeftOut(field.Name, request.ComesFromTrustedProxy) || named?.Contains(field.Name) == true || head.Fields.Contains(field.Name)) continue;
            (passed ??= new HeaderFields(4)).Add(field.Name, field.Value);
        }

        return passed;
    }

    private static bool IsLeftOut(string name, bool fromTrustedProxy)
        => HopByHopFields.Contains(name) || Never.Contains(name) || ForwardedFields.LeavesOut(name, fromTrustedProxy);
}
