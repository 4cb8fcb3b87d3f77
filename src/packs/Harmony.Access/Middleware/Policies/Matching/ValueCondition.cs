using Harmony.Access.Middleware.Policies.Rules;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.Policies.Matching;

/// <summary>A condition on a field or parameter, as written.</summary>
internal sealed record ValueOptions : ConfigNode
{
    /// <summary>Its name.</summary>
    [NotEmpty]
    public required string Name { get; init; }

    /// <summary>How <c>value</c> is compared; <c>exists</c> needs none.</summary>
    [AllowedValues("exists", "exact", "contains", "regex")]
    public string MatchType { get; init; } = "exact";

    /// <summary>What it is compared with.</summary>
    public string? Value { get; init; }
}

/// <summary>A compiled condition on the values of one field or parameter.</summary>
internal sealed class ValueCondition
{
    private readonly string _matchType;
    private readonly string _value;
    private readonly StringComparison _comparison;
    private readonly TextPattern? _pattern;

    private ValueCondition(ValueOptions options, StringComparison comparison, TextPattern? pattern)
    {
        Name = options.Name;
        _matchType = options.MatchType;
        _value = options.Value ?? "";
        _comparison = comparison;
        _pattern = pattern;
    }

    /// <summary>Of what.</summary>
    public string Name { get; }

    /// <summary><c>x-site is north</c>; a value that may be a secret is not told.</summary>
    public string Words
        => $"{Name} {_matchType switch { "exists" => "is there", "exact" => $"is {Shown}", "contains" => $"contains {Shown}", _ => $"matches {Shown}" }}";

    private string Shown => SensitiveNames.Shown(Name, _value);

    /// <summary>Compiles the conditions of a rule; null when the problems got an error.</summary>
    public static ValueCondition[]? Compile(IReadOnlyList<ValueOptions> all, bool ignoreCase, RuleContext context)
    {
        var conditions = new List<ValueCondition>();
        foreach (var options in all)
        {
            if (Compile(options, ignoreCase, context) is { } condition) conditions.Add(condition);
        }

        return conditions.Count == all.Count ? [.. conditions] : null;
    }

    /// <summary>Whether one value fits.</summary>
    /// <param name="value">The value.</param>
    /// <param name="whenUndecided">The answer where a regular expression takes too long.</param>
    public bool Fits(string value, bool whenUndecided) => _matchType switch
    {
        "exists" => true,
        "exact" => string.Equals(value, _value, _comparison),
        "contains" => value.Contains(_value, _comparison),
        _ => _pattern!.IsMatch(value, whenUndecided),
    };

    private static ValueCondition? Compile(ValueOptions options, bool ignoreCase, RuleContext context)
    {
        TextPattern? pattern = null;
        string? error = null;
        if (options.MatchType != "exists" && options.Value is null)
        {
            context.Problems.Error(options.Location, $"the condition on '{options.Name}' of {context.What} needs a 'value'");
            return null;
        }

        if (options.MatchType == "regex" && !TextPattern.TryParse(options.Value!, ignoreCase, out pattern, out error))
        {
            context.Problems.Error(options.LocationOf("value"), $"the value of '{options.Name}' is no regular expression: {error}");
            return null;
        }

        return new ValueCondition(options, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal, pattern);
    }
}

/// <summary>Conditions on fields that a request may give several times.</summary>
internal static class RequestFieldLines
{
    /// <summary>Whether the field is there and a condition holds for all of its lines, or for one.</summary>
    /// <param name="fields">The request's fields.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="all">Whether it must hold for all.</param>
    /// <param name="state">What the condition needs.</param>
    /// <param name="condition">The condition on one value.</param>
    public static bool Hold<T>(HeaderFields fields, string name, bool all, T state, Func<T, string, bool> condition)
    {
        var found = false;
        foreach (ref readonly var line in fields.AsSpan())
        {
            if (!string.Equals(line.Name, name, StringComparison.OrdinalIgnoreCase)) continue;
            found = condition(state, line.Value);
            if (found != all) break;
        }

        return found;
    }
}
