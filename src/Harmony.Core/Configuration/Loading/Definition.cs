using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary>A named table of some file: <c>[endpoints.api]</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Section">What it says.</param>
/// <param name="Table">The same as read, to tell equal definitions from different ones.</param>
/// <param name="File">The file it stands in.</param>
public sealed record Definition<T>(string Name, T Section, TomlTable Table, string File)
    where T : ConfigNode;
