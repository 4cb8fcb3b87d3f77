using Harmony.Access.Middleware.Policies.Matching;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>The options of <c>user_agent</c>.</summary>
internal sealed record UserAgentOptions : ConfigNode
{
    /// <summary>Expressions; one is enough.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<UserAgentPatternOptions> Patterns { get; init; }

    /// <summary>Whether what matches is allowed or denied.</summary>
    [AllowedValues("allow", "deny")]
    public string Mode { get; init; } = "allow";
}

/// <summary>One entry of <c>patterns</c>.</summary>
internal sealed record UserAgentPatternOptions : ConfigNode
{
    /// <summary>Regular expression: <c>/bot|crawler/i</c>.</summary>
    [NotEmpty]
    public required string Pattern { get; init; }

    /// <summary>Name for people.</summary>
    public string? Label { get; init; }
}

/// <summary><c>user_agent</c>: by the field <c>User-Agent</c>. A request without one does not match.</summary>
internal sealed class UserAgentRule(RuleContext context, UserAgentOptions options, TextPattern[] patterns) : ConditionRule(context, options.Mode == "allow")
{
    protected override string Condition => $"user agents like {string.Join(", ", options.Patterns.Select(p => p.Label ?? p.Pattern))}";

    public static Rule? Create(RuleContext context)
    {
        if (!context.TryBind<UserAgentOptions>(out var options)) return null;
        var patterns = new List<TextPattern>();
        foreach (var given in options.Patterns)
        {
            if (TextPattern.TryParse(given.Pattern, ignoreCase: false, out var pattern, out var error)) patterns.Add(pattern);
            else context.Fail(given.LocationOf("pattern"), $"'{given.Pattern}' is no regular expression: {error}");
        }

        return patterns.Count == options.Patterns.Count ? new UserAgentRule(context, options, [.. patterns]) : null;
    }

    protected override bool Holds(RequestEnvelope request) => RequestFieldLines.Hold(request.Headers, "user-agent", Allows, this, static (rule, value) => rule.Fits(value));

    private bool Fits(string value)
    {
        foreach (var pattern in patterns)
        {
            if (pattern.IsMatch(value, whenUndecided: !Allows)) return true;
        }

        return false;
    }
}
