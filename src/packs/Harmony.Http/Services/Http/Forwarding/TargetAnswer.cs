using Harmony.Core.Envelope;
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
