using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Reference;
using Harmony.Core.Configuration.Toml;

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
