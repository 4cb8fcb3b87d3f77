using Harmony.Access.Middleware.Policies.Matching;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Routing;

namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>The options of <c>path</c>.</summary>
[FormerKey("use_wildcards", "leave it out, patterns always have wildcards")]
internal sealed record PathOptions : ConditionOptions
{
    /// <summary>Patterns for the path below the endpoint's prefix; one that begins with the prefix itself is for the whole path too.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<string> Paths { get; init; }
}

/// <summary><c>path</c>: by the canonical path, the one that the backend gets.</summary>
internal sealed class PathRule(RuleContext context, PathOptions options, RoutePattern[] patterns) : ConditionRule(context, options.Allows)
{
    protected override string Condition => $"the paths {string.Join(", ", options.Paths)}";

    public static Rule? Create(RuleContext context)
    {
        if (!context.TryBind<PathOptions>(out var options)) return null;
        var patterns = new List<RoutePattern>();
        for (var i = 0; i < options.Paths.Count; i++)
        {
            if (PathReadings.TryParsePattern(options.Paths[i], out var pattern, out var error)) patterns.Add(pattern);
            else context.Fail(options.LocationOf("paths", i), $"'{options.Paths[i]}' is not a pattern: {error}");
        }

        return patterns.Count == options.Paths.Count ? new PathRule(context, options, [.. patterns]) : null;
    }

    protected override bool Holds(RequestEnvelope request)
    {
        if (Holds(request.PathBelowPrefix, default)) return true;
        var prefix = request.Path.AsSpan(0, Math.Max(0, request.Path.Length - request.PathBelowPrefix.Length));
        return !prefix.IsEmpty && request.Path.EndsWith(request.PathBelowPrefix, StringComparison.Ordinal) && Holds(request.Path, prefix);
    }

    /// <summary>Servers read parameters of a path in two ways: an allowed path is allowed both ways, a denied one is denied either way.</summary>
    private bool Holds(string path, ReadOnlySpan<char> prefix)
    {
        var readings = new PathReadings(path);
        var asSent = AnyMatches(readings.AsSent, prefix);
        if (readings.AreOne || asSent != Allows) return asSent;
        return AnyMatches(readings.WithoutParameters, prefix);
    }

    private bool AnyMatches(ReadOnlySpan<char> path, ReadOnlySpan<char> prefix)
    {
        foreach (var pattern in patterns)
        {
            if ((prefix.IsEmpty || BeginsWith(pattern.Text, prefix)) && pattern.IsMatch(path)) return true;
        }

        return false;
    }

    /// <summary>Whether the pattern names the endpoint's prefix and so is meant for whole paths.</summary>
    private static bool BeginsWith(ReadOnlySpan<char> pattern, ReadOnlySpan<char> prefix)
        => pattern.StartsWith(prefix) && (pattern.Length == prefix.Length || pattern[prefix.Length] == '/');
}

/// <summary>The options of <c>query_parameter</c>.</summary>
internal sealed record QueryParameterOptions : ConditionOptions
{
    /// <summary>Conditions on parameters; all must hold. Case matters.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<ValueOptions> Parameters { get; init; }
}

/// <summary><c>query_parameter</c>: by decoded parameters of the query. A parameter that is not there does not match.</summary>
internal sealed class QueryParameterRule(RuleContext context, QueryParameterOptions options, ValueCondition[] conditions)
    : ConditionRule(context, options.Allows)
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
