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
