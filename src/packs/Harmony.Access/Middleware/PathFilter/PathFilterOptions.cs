using Harmony.Core.Configuration.Reference;
using Harmony.Core.Configuration.Toml;
using Harmony.Core.Configuration;

namespace Harmony.Access.Middleware.PathFilter;

/// <summary>The options of a <c>path_filter</c> middleware.</summary>
public sealed record PathFilterOptions : ConfigNode
{
    /// <summary>
    /// Patterns for the path below the endpoint's prefix, in order; the first that matches decides, and a path that none matches is
    /// refused. <c>{ allow = "/Patient/{id}" }</c>, <c>{ deny = "/admin/*" }</c>; a plain string allows.
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
