using Harmony.Access.Middleware.Policies.Matching;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>The options of <c>query_parameter</c>.</summary>
internal sealed record QueryParameterOptions : ConfigNode
{
    /// <summary>Conditions on parameters; all must hold. Case matters.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<ValueOptions> Parameters { get; init; }

    /// <summary>Whether what matches is allowed or denied.</summary>
    [AllowedValues("allow", "deny")]
    public string Mode { get; init; } = "allow";
}

/// <summary><c>query_parameter</c>: by decoded parameters of the query. A parameter that is not there does not match.</summary>
internal sealed class QueryParameterRule(RuleContext context, QueryParameterOptions options, ValueCondition[] conditions)
    : ConditionRule(context, options.Mode == "allow")
{
    protected override string Condition => $"requests whose parameter {string.Join(" and ", conditions.Select(c => c.Words))}";

    public static Rule? Create(RuleContext context)
        => context.TryBind<QueryParameterOptions>(out var options) && ValueCondition.Compile(options.Parameters, ignoreCase: false, context) is { } conditions
            ? new QueryParameterRule(context, options, conditions)
            : null;

    protected override bool Holds(RequestEnvelope request)
    {
        foreach (var condition in conditions)
        {
            if (!request.QueryParams.TryGetValue(condition.Name, out var values) || !Holds(condition, values)) return false;
        }

        return true;
    }

    private bool Holds(ValueCondition condition, IReadOnlyList<string> values)
    {
        var holds = false;
        for (var i = 0; i < values.Count; i++)
        {
            holds = condition.Fits(values[i], whenUndecided: !Allows);
            if (holds != Allows) break;
        }

        return holds;
    }
}
