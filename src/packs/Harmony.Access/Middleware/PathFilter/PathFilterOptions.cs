using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Reference;
using Harmony.Core.Configuration.Toml;

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
