using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>One rule of a policy, compiled. Safe for concurrent use.</summary>
internal abstract class Rule(RuleContext context)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = context.Name;

    /// <summary>Heavier rules come first.</summary>
    public int Weight { get; } = context.Weight;

    /// <summary>Whether it can vote for a request.</summary>
    public abstract bool CanAllow { get; }

    /// <summary>What it does: <c>denies GET, HEAD</c>.</summary>
    public abstract string Words { get; }

    /// <summary>Judges a request by what the envelope says, which no client can write into the metadata.</summary>
    public abstract Verdict Judge(RequestEnvelope request);
}
