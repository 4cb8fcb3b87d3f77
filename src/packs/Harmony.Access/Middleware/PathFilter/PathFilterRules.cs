using Harmony.Core.Configuration.Toml;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Routing;

namespace Harmony.Access.Middleware.PathFilter;

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
