using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>
/// A rule that allows, or denies, what a condition holds for, and has no opinion on the rest. Where a request gives several values, such
/// as two field lines of one name, all of them must fit to allow, and one is enough to deny.
/// </summary>
internal abstract class ConditionRule(RuleContext context, bool allows) : Rule(context)
{
    private readonly Verdict _verdict = new(allows ? VerdictKind.Allow : VerdictKind.Deny);

    /// <inheritdoc/>
    public sealed override bool CanAllow => Allows;

    /// <inheritdoc/>
    public sealed override string Words => $"{(Allows ? "allows" : "denies")} {Condition}";

    /// <summary>Whether it allows, instead of denying.</summary>
    protected bool Allows { get; } = allows;

    /// <summary>The condition, in words that follow <c>allows</c>.</summary>
    protected abstract string Condition { get; }

    /// <inheritdoc/>
    public sealed override Verdict Judge(RequestEnvelope request) => Holds(request) ? _verdict : default;

    /// <summary>Whether the condition holds.</summary>
    protected abstract bool Holds(RequestEnvelope request);
}
