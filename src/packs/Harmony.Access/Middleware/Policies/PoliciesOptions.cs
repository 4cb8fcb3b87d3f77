using Harmony.Core.Configuration.Reference;
using Harmony.Core.Configuration.Toml;
using Harmony.Core.Configuration;

namespace Harmony.Access.Middleware.Policies;

/// <summary>The options of a <c>policies</c> middleware.</summary>
public sealed record PoliciesOptions : ConfigNode
{
    /// <summary>
    /// The policies that judge a request together: names or ids of <c>[policies.NAME]</c>, or policies written here as tables. Their rules
    /// are described in policies.md.
    /// </summary>
    [WrittenAs(typeof(IReadOnlyList<string>), typeof(IReadOnlyList<InlinePolicyOptions>))]
    public required TomlValue Policies { get; init; }
}

/// <summary>A policy written in the options of its middleware.</summary>
public sealed record InlinePolicyOptions : ConfigNode
{
    /// <summary>Identifier, for logs.</summary>
    public string? Id { get; init; }

    /// <summary>Name for people.</summary>
    public string? Name { get; init; }

    /// <summary>Whether it counts.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Its rules: tables as those of <c>[rules.NAME]</c>, or names of such.</summary>
    [WrittenAs(typeof(IReadOnlyList<RuleSection>), typeof(IReadOnlyList<string>))]
    public required TomlValue Rules { get; init; }

    /// <summary>Whether one allowing rule is enough (<c>any</c>) or every rule that can allow must (<c>all</c>).</summary>
    [AllowedValues("any", "all")]
    public string Match { get; init; } = "any";
}
