namespace Harmony.Core.Configuration.Toml;

/// <summary>The table that lines belong to until the next header.</summary>
/// <param name="Table">The table.</param>
/// <param name="Path">Its name from the root on, as written in messages; empty for the root.</param>
/// <param name="Depth">How many arrays and tables lie between it and the root, itself included.</param>
internal sealed record TomlSection(TomlTable Table, string Path, int Depth);
