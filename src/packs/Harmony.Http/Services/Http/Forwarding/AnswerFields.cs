using System.Collections.Frozen;
using Harmony.Core.Faults;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>Which fields of a target's answer are for the client.</summary>
internal static class AnswerFields
{
    /// <summary>Fields that a trailer may not hold (RFC 9110 §6.5.1): about framing, routing, authentication, and how to understand what has gone before.</summary>
    private static readonly FrozenSet<string> NotInTrailers = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Age", "Authorization", "Cache-Control", "Content-Encoding", "Content-Length", "Content-Range", "Content-Type", "Date", "Expires", "Host", "Location",
        "Pragma", "Range", "Retry-After", "Set-Cookie", "Trailer", "Vary", "Warning", "WWW-Authenticate");

    /// <summary>Not those of the connection, and not where else the target can be reached: another port of it is no alternative to us (RFC 7838 §2.1).</summary>
    public static bool IsForClient(string name)
        => !HopByHopFields.Contains(name) && (name.Length != 7 || !name.Equals("Alt-Svc", StringComparison.OrdinalIgnoreCase));

    /// <summary>The same for a field behind the body.</summary>
    public static bool IsTrailerForClient(string name) => IsForClient(name) && !NotInTrailers.Contains(name);

    /// <summary>Checks the <c>Transfer-Encoding</c> of an answer.</summary>
    /// <exception cref="GatewayException">Something else than <c>chunked</c>, which would reach the client as content.</exception>
    public static void ThrowUnlessChunked(string codings)
    {
        if (codings.AsSpan().Trim().Equals("chunked", StringComparison.OrdinalIgnoreCase)) return;
        throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, "the target used a transfer coding that nobody asked for");
    }
}
