namespace Harmony.Core.Configuration;

/// <summary><c>[policies.NAME]</c>: a list of rules.</summary>
public sealed record PolicySection : ConfigNode
{
    /// <summary>Identifier; the table's name when absent.</summary>
    public string? Id { get; init; }

    /// <summary>Name for people.</summary>
    public string? Name { get; init; }

    /// <summary>Turns the policy on.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Ids of its rules.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Whether one rule that allows is enough (<c>any</c>) or every rule must allow (<c>all</c>).</summary>
    [AllowedValues("any", "all")]
    public string Match { get; init; } = "any";
}

/// <summary><c>[rules.NAME]</c>: a rule of policies.</summary>
public sealed record RuleSection : ConfigNode
{
    /// <summary>Identifier; the table's name when absent.</summary>
    public string? Id { get; init; }

    /// <summary>Name for people.</summary>
    public string? Name { get; init; }

    /// <summary>Kind of rule.</summary>
    [AlsoKnownAs("rule_type")]
    [AllowedValues("allow_all", "deny_all", "ip_allow", "ip_deny", "rate_limit", "path", "method", "content_type",
        "user_agent", "header", "query_parameter", "metadata", "geo", "time_based")]
    public required string Type { get; init; }

    /// <summary>Rules with a higher weight are evaluated first.</summary>
    [AllowedRange(0, 1000)]
    public int Weight { get; init; } = 100;

    /// <summary>Turns the rule on.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Options of that kind.</summary>
    public OptionsTable? Options { get; init; }
}
