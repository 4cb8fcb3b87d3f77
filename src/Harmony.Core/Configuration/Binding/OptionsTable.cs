using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary>A table that is bound later, by the module it is for.</summary>
/// <param name="Table">The table as read.</param>
public sealed record OptionsTable(TomlTable Table)
{
    /// <summary>A table without keys.</summary>
    public static OptionsTable Empty(SourceLocation location) => new(new TomlTable([], location));
}
