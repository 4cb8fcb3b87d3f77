using Harmony.Access.Middleware.Policies.Matching;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>The options of <c>header</c>.</summary>
internal sealed record HeaderOptions : ConfigNode
{
    /// <summary>Conditions on fields; all must hold. Case does not matter.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<ValueOptions> Headers { get; init; }

    /// <summary>Whether what matches is allowed or denied.</summary>
    [AllowedValues("allow", "deny")]
    public string Mode { get; init; } = "allow";
}

/// <summary><c>header</c>: by fields of the request. A field that is not there does not match.</summary>
internal sealed class HeaderRule(RuleContext context, HeaderOptions options, ValueCondition[] conditions) : ConditionRule(context, options.Mode == "allow")
{
    protected override string Condition => $"requests whose field {string.Join(" and ", conditions.Select(c => c.Words))}";

    public static Rule? Create(RuleContext context)
        => context.TryBind<HeaderOptions>(out var options) && ValueCondition.Compile(options.Headers, ignoreCase: true, context) is { } conditions
            ? new HeaderRule(context, options, conditions)
            : null;

    protected override bool Holds(RequestEnvelope request)
    {
        foreach (var condition in conditions)
        {
            var holds = RequestFieldLines.Hold(request.Headers, condition.Name, Allows, (condition, Allows), static (s, value) => s.condition.Fits(value, whenUndecided: !s.Allows));
            if (!holds) return false;
        }

        return true;
    }
}
