using Harmony.Access.Middleware.Policies.Matching;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>The options of <c>method</c>.</summary>
internal sealed record MethodOptions : ConditionOptions
{
    /// <summary>Methods, in any case.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<string> Methods { get; init; }
}

/// <summary><c>method</c>.</summary>
internal sealed class MethodRule(RuleContext context, MethodOptions options) : ConditionRule(context, options.Allows)
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

/// <summary>The options of <c>header</c>.</summary>
internal sealed record HeaderOptions : ConditionOptions
{
    /// <summary>Conditions on fields; all must hold. Case does not matter.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<ValueOptions> Headers { get; init; }
}

/// <summary><c>header</c>: by fields of the request. A field that is not there does not match.</summary>
internal sealed class HeaderRule(RuleContext context, HeaderOptions options, ValueCondition[] conditions) : ConditionRule(context, options.Allows)
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
            var holds = RequestFieldLines.Hold(request.Headers, condition.Name, Allows, (condition, Allows),
                static (s, value) => s.condition.Fits(value, whenUndecided: !s.Allows));
            if (!holds) return false;
        }

        return true;
    }
}

/// <summary>The options of <c>metadata</c>.</summary>
internal sealed record MetadataOptions : ConditionOptions
{
    /// <summary>Conditions on metadata, such as <c>calling_aet</c> or <c>jwt.sub</c>; all must hold. Case matters.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<ValueOptions> Metadata { get; init; }
}

/// <summary>
/// <c>metadata</c>: by what is known of a request besides its fields: AE titles, the operation, claims of who was authenticated. What is not known does not
/// match.
/// </summary>
internal sealed class MetadataRule(RuleContext context, MetadataOptions options, ValueCondition[] conditions) : ConditionRule(context, options.Allows)
{
    protected override string Condition => $"requests whose metadata {string.Join(" and ", conditions.Select(c => c.Words))}";

    public static Rule? Create(RuleContext context)
        => context.TryBind<MetadataOptions>(out var options) && ValueCondition.Compile(options.Metadata, ignoreCase: false, context) is { } conditions
            ? new MetadataRule(context, options, conditions)
            : null;

    protected override bool Holds(RequestEnvelope request)
    {
        foreach (var condition in conditions)
        {
            if (!request.Metadata.TryGetValue(condition.Name, out var value) || !condition.Fits(value, whenUndecided: !Allows)) return false;
        }

        return true;
    }
}

/// <summary>The options of <c>user_agent</c>.</summary>
internal sealed record UserAgentOptions : ConditionOptions
{
    /// <summary>Expressions; one is enough.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<UserAgentPatternOptions> Patterns { get; init; }
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
internal sealed class UserAgentRule(RuleContext context, UserAgentOptions options, TextPattern[] patterns) : ConditionRule(context, options.Allows)
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

    protected override bool Holds(RequestEnvelope request)
        => RequestFieldLines.Hold(request.Headers, "user-agent", Allows, this, static (rule, value) => rule.Fits(value));

    private bool Fits(string value)
    {
        foreach (var pattern in patterns)
        {
            if (pattern.IsMatch(value, whenUndecided: !Allows)) return true;
        }

        return false;
    }
}
