using Harmony.Core.Configuration;
using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>The options of <c>allow_all</c> and <c>deny_all</c>: none.</summary>
internal sealed record AnythingOptions : ConfigNode;

/// <summary><c>allow_all</c>, <c>deny_all</c>.</summary>
internal sealed class AnythingRule(RuleContext context, bool allows) : ConditionRule(context, allows)
{
    protected override string Condition => "everything";

    public static Rule? Create(RuleContext context, bool allows) => context.TryBind<AnythingOptions>(out _) ? new AnythingRule(context, allows) : null;

    protected override bool Holds(RequestEnvelope request) => true;
}
