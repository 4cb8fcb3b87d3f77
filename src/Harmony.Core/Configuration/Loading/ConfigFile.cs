using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary>One file of a configuration.</summary>
/// <param name="Name">As messages call it.</param>
/// <param name="Table">What it holds, variables substituted.</param>
/// <param name="Content">The same, bound to records.</param>
public sealed record ConfigFile(string Name, TomlTable Table, ConfigFileContent Content);
