using Harmony.Core.Faults;

namespace Harmony.Core.Content;

/// <summary>Content that cannot be read, before it is known whose it is.</summary>
/// <param name="kind"><see cref="FaultKind.Malformed"/>, <see cref="FaultKind.TooLarge"/> or <see cref="FaultKind.UnsupportedContent"/>.</param>
/// <param name="predicate">What is wrong, to stand behind "the body": <c>is not XML: line 3</c>. Holds nothing of the content.</param>
/// <param name="cause">The exception behind it.</param>
internal sealed class ContentException(FaultKind kind, string predicate, Exception? cause = null) : Exception(predicate, cause)
{
    public FaultKind Kind { get; } = kind;

    public static ContentException Malformed(string predicate, Exception? cause = null) => new(FaultKind.Malformed, predicate, cause);

    public static ContentException TooMany(string what, string limit, long value)
        => new(FaultKind.TooLarge, $"has more {what} than content_limits.{limit} = {value}");

    /// <summary>The fault of whoever sent the body. What a backend sends is never its client's fault.</summary>
    public GatewayException From(FaultSource sender) => sender == FaultSource.Client
        ? new GatewayException(sender, Kind, $"the body {Message}", this)
        : new GatewayException(sender, FaultKind.Protocol, $"the body of the answer {Message}", this);
}
