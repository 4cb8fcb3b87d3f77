using Harmony.Core.Configuration;
using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>The options of <c>method</c>.</summary>
internal sealed record MethodOptions : ConfigNode
{
    /// <summary>Methods, in any case.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>Whether what matches is allowed or denied.</summary>
    [AllowedValues("allow", "deny")]
    public string Mode { get; init; } = "allow";
}

/// <summary><c>method</c>.</summary>
internal sealed class MethodRule(RuleContext context, MethodOptions options) : ConditionRule(context, options.Mode == "allow")
{
    private readonly string[] _methods = [.. options.Methods];

    protected override string Condition => string.Join(", ", _methods);

    public static Rule? Create(RuleContext context) => context.TryBind<MethodOptions>(out var options) ? new MethodRule(context, options) : null;

    protected override bool Holds(RequestEnvelope request)
    {
        foreach (var method in _methods)
        {
            if (string.Equals(method, request.Method, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
