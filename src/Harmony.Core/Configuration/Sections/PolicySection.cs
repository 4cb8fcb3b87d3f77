namespace Harmony.Core.Configuration;

/// <summary><c>[policies.NAME]</c>: rules under one name.</summary>
public sealed record PolicySection : ConfigNode
{
    /// <summary>Identifier; the table's name when absent.</summary>
    public string? Id { get; init; }

    /// <summary>Name for people.</summary>
    public string? Name { get; init; }

    /// <summary>Whether it counts.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Ids of rules.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Whether one allowing rule is enough (<c>any</c>) or every rule must allow (<c>all</c>).</summary>
    [AllowedValues("any", "all")]
    public string Match { get; init; } = "any";
}

/// <summary><c>[rules.NAME]</c>: one rule of policies.</summary>
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

    /// <summary>Rules are evaluated from the heaviest to the lightest.</summary>
    [AllowedRange(0, 1000)]
    public int Weight { get; init; } = 100;

    /// <summary>Whether it counts.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What the kind needs.</summary>
    public OptionsTable? Options { get; init; }
}
