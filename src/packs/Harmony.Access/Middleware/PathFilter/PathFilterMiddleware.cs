using Harmony.Access.Middleware.Policies;
using Harmony.Core.Configuration.Reference;
using Harmony.Core.Configuration.Toml;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Core.Routing;
using Microsoft.Extensions.Logging;

namespace Harmony.Access.Middleware.PathFilter;

/// <summary>The options of a <c>path_filter</c> middleware.</summary>
public sealed record PathFilterOptions : ConfigNode
{
    /// <summary>
    /// Patterns of the path below the endpoint's prefix. The first pattern that matches decides; a path that matches no pattern is refused. <c>{ allow =
    /// "/Patient/{id}" }</c>, <c>{ deny = "/admin/*" }</c>; a plain string allows.
    /// </summary>
    [WrittenAs(typeof(IReadOnlyList<string>), typeof(IReadOnlyList<PathFilterRuleOptions>))]
    public required TomlValue Rules { get; init; }
}

/// <summary>One entry of <c>rules</c> of a <c>path_filter</c>: one of the two keys.</summary>
public sealed record PathFilterRuleOptions : ConfigNode
{
    /// <summary>Pattern of paths that pass.</summary>
    [NotEmpty]
    public string? Allow { get; init; }

    /// <summary>Pattern of paths that are refused.</summary>
    [NotEmpty]
    public string? Deny { get; init; }
}

/// <summary>
/// Answers 404 to a request unless the first rule that matches its path allows it. Judges the path below the endpoint's prefix: the very
/// characters that the backend gets.
/// </summary>
internal sealed class PathFilterMiddleware(string name, IReadOnlyList<PathFilterRule> rules, ILogger logger) : IRequestMiddleware
{
    private readonly PathFilterRule[] _rules = [.. rules];

    public IReadOnlyList<string> Words => [.. _rules.Select(r => r.ToString()), "responds with 404 to everything else"];

    public static PathFilterMiddleware? Create(PathFilterOptions options, MiddlewareContext context)
        => PathFilterRules.Compile(options, context) is { } rules
            ? new PathFilterMiddleware(context.Name, rules, context.Environment.Loggers.CreateLogger(PoliciesLog.Target))
            : null;

    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        var readings = new PathReadings(request.PathBelowPrefix);
        var refusing = Deciding(readings.AsSent);
        // Servers behind us may cut parameters off, so the path has to pass either way.
        if (refusing is { Allows: true } && !readings.AreOne) refusing = Deciding(readings.WithoutParameters);
        if (refusing is { Allows: true }) return new(MiddlewareResult.Continue);
        PoliciesLog.Filtered(logger, name, refusing is null ? "no rule matches" : "a rule denies", refusing?.Pattern.Text ?? "");
        return new(MiddlewareResult.Refuse(Refusal.NotFound));
    }

    /// <summary>The first rule that matches, or null.</summary>
    private PathFilterRule? Deciding(ReadOnlySpan<char> path)
    {
        foreach (var rule in _rules)
        {
            if (rule.Pattern.IsMatch(path)) return rule;
        }

        return null;
    }
}

/// <summary>Reads <c>rules</c> in both spellings: patterns alone, which allow, and tables with <c>allow</c> or <c>deny</c>.</summary>
internal static class PathFilterRules
{
    private const string Expected = "a pattern, or a table with allow or deny";

    /// <summary>The rules in their order; null when the problems got an error.</summary>
    public static IReadOnlyList<PathFilterRule>? Compile(PathFilterOptions options, MiddlewareContext context)
    {
        if (options.Rules is not TomlArray { Count: > 0 } array)
        {
            context.Problems.Error(options.Rules.Location, $"'rules' of middleware '{context.Name}' must be an array of at least one entry, each {Expected}");
            return null;
        }

        var rules = new List<PathFilterRule>();
        foreach (var item in array)
        {
            if (Compile(item, context) is { } rule) rules.Add(rule);
        }

        return rules.Count == array.Count ? rules : null;
    }

    private static PathFilterRule? Compile(TomlValue item, MiddlewareContext context)
    {
        switch (item)
        {
            case TomlString pattern:
                return Compile(pattern.Value, allows: true, pattern.Location, context);
            case TomlTable table:
                var rule = TomlBinder.Bind<PathFilterRuleOptions>(table, $"a rule of middleware '{context.Name}'", context.Problems);
                if (rule.IsFaulty) return null;
                if (rule is { Allow: { } allow, Deny: null }) return Compile(allow, allows: true, rule.LocationOf("allow"), context);
                if (rule is { Allow: null, Deny: { } deny }) return Compile(deny, allows: false, rule.LocationOf("deny"), context);
                context.Problems.Error(rule.Location, $"a rule of middleware '{context.Name}' has either 'allow' or 'deny'");
                return null;
            default:
                context.Problems.Error(item.Location, $"an entry of 'rules' of middleware '{context.Name}' must be {Expected}, not {item.KindName}");
                return null;
        }
    }

    private static PathFilterRule? Compile(string text, bool allows, SourceLocation location, MiddlewareContext context)
    {
        if (PathReadings.TryParsePattern(text, out var pattern, out var error)) return new PathFilterRule(pattern, allows);
        context.Problems.Error(location, $"'{text}' is not a pattern: {error}");
        return null;
    }
}

/// <summary>A compiled rule: what matches the pattern passes, or does not.</summary>
internal sealed record PathFilterRule(RoutePattern Pattern, bool Allows)
{
    /// <summary><c>allows /Patient/{id}</c>.</summary>
    public override string ToString() => $"{(Allows ? "allows" : "refuses")} {Pattern.Text}";
}
