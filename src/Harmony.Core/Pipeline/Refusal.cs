using Harmony.Core.Envelope;

namespace Harmony.Core.Pipeline;

/// <summary>A request turned away by a middleware: the end of it, no backend and no right chain.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Reason">For the log only, never for the client; holds no secret.</param>
public sealed record Refusal(RefusalKind Kind, string Reason)
{
    /// <summary>404.</summary>
    public static readonly Refusal NotFound = new(RefusalKind.NotFound, "not found");

    /// <summary>The rule that said no, by its name in the configuration; null where the middleware has no rules.</summary>
    public string? Rule { get; init; }

    /// <summary>Fields for the answer: <c>WWW-Authenticate</c>, <c>Retry-After</c>.</summary>
    public IReadOnlyList<HeaderField> Fields { get; init; } = [];

    /// <summary>The body of the answer; null for none, as most refusals have it.</summary>
    public RefusalContent? Content { get; init; }
}
