using Harmony.Core.Configuration;

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
