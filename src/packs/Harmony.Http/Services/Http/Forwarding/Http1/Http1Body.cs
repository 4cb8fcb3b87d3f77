using Harmony.Core.Content;
using Harmony.Core.Envelope;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>The body of an answer, by the framing that its head declares (RFC 9112 §6.3).</summary>
internal abstract class Http1Body : AsyncReadStream
{
    /// <summary>Whether all of it has been read, so that the connection stands at the beginning of another answer.</summary>
    public abstract bool HasEnded { get; }

    /// <summary>The fields behind it that are for the client; null when there are none.</summary>
    public virtual HeaderFields? Trailers => null;

    /// <summary>What to throw when the connection ends too early.</summary>
    protected static IOException BrokenOff() => new("the connection was closed before the end of the answer");
}
