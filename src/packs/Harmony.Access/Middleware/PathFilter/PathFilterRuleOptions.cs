using Harmony.Core.Configuration;

namespace Harmony.Access.Middleware.PathFilter;

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
