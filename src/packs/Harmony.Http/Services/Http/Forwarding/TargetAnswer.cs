using System.Collections.Frozen;
using System.Globalization;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Http.Services.Http.Forwarding.Http1;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>What a target answered: the head, and the body as a stream. Disposing it lets go of the connection.</summary>
internal abstract class TargetAnswer : IAsyncDisposable
{
    /// <summary>The status, 101 or 200 to 999.</summary>
    public required int Status { get; init; }

    /// <summary>The reason phrase, where it is not the usual one of the status; else null.</summary>
    public string? Reason { get; init; }

    /// <summary>The fields that are for the client (<see cref="AnswerFields"/>).</summary>
    public required HeaderFields Fields { get; init; }

    /// <summary>The length the head declares; null where the body is chunked or nothing is declared.</summary>
    public long? Length { get; init; }

    /// <summary>Whether there may be trailers behind the body.</summary>
    public bool MayHaveTrailers { get; init; }

    /// <summary>Whether the target closes the connection behind the answer, and so takes no more of the request (RFC 9112 §9.6).</summary>
    public bool EndsConnection { get; init; }

    /// <summary>The protocol that the connection has switched to; null where it has not.</summary>
    public string? SwitchedTo { get; init; }

    /// <summary>The connection that has switched; null where it has not.</summary>
    public Http1Connection? Switched { get; init; }

    /// <summary>The body, straight from the wire.</summary>
    public required Stream Body { get; init; }

    /// <summary>The trailer fields for the client, once the body has been read to its end; null when there are none.</summary>
    public abstract HeaderFields? ReadTrailers();

    public abstract ValueTask DisposeAsync();
}

/// <summary>Which fields of a target's answer are for the client.</summary>
internal static class AnswerFields
{
    /// <summary>
    /// Fields that a trailer may not hold (RFC 9110 §6.5.1): about framing, routing, authentication, and how to understand what has gone before.
    /// </summary>
    private static readonly FrozenSet<string> NotInTrailers = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Age", "Authorization", "Cache-Control", "Content-Encoding", "Content-Length", "Content-Range", "Content-Type", "Date", "Expires", "Host", "Location",
        "Pragma", "Range", "Retry-After", "Set-Cookie", "Trailer", "Vary", "Warning", "WWW-Authenticate");

    /// <summary>
    /// Not those of the connection, and not where else the target can be reached: another port of it is no alternative to us (RFC 7838 §2.1).
    /// </summary>
    public static bool IsForClient(string name)
        => !HopByHopFields.Contains(name) && (name.Length != 7 || !name.Equals("Alt-Svc", StringComparison.OrdinalIgnoreCase));

    /// <summary>The same for a field behind the body.</summary>
    public static bool IsTrailerForClient(string name) => IsForClient(name) && !NotInTrailers.Contains(name);

    /// <summary>Checks the <c>Transfer-Encoding</c> of an answer.</summary>
    /// <exception cref="GatewayException">Something else than <c>chunked</c>, which would reach the client as content.</exception>
    public static void ThrowUnlessChunked(string codings)
    {
        if (codings.AsSpan().Trim().Equals("chunked", StringComparison.OrdinalIgnoreCase)) return;
        throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, "the target used a transfer coding that was not requested");
    }
}

/// <summary>What the <c>Content-Length</c> of an answer says.</summary>
internal static class DeclaredLength
{
    /// <summary>Reads a value. Several lengths are one when they agree (RFC 9110 §8.6).</summary>
    /// <param name="value">The value, of several lines joined by commas.</param>
    /// <param name="length">Bytes, 0 or more.</param>
    /// <returns>False where it is not one number.</returns>
    public static bool TryParse(string value, out long length)
    {
        length = -1;
        foreach (var range in value.AsSpan().Split(','))
        {
            var isNumber = long.TryParse(value.AsSpan(range).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var each);
            if (!isNumber || (length >= 0 && length != each)) return false;
            length = each;
        }

        return true;
    }
}
