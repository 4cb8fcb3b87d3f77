using Harmony.Core.Envelope;

namespace Harmony.Core.Pipeline;

/// <summary>A request turned away by a middleware: the end of it, no backend and no right chain.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Reason">For the log only, never for the client; holds no secret.</param>
public sealed record Refusal(RefusalKind Kind, string Reason)
{
    /// <summary>404.</summary>
    public static readonly Refusal NotFound = new(RefusalKind.NotFound, "not found");

    /// <summary>Fields for the answer: <c>WWW-Authenticate</c>, <c>Retry-After</c>.</summary>
    public IReadOnlyList<HeaderField> Fields { get; init; } = [];
}
