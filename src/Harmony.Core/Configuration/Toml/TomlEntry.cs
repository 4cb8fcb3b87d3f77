namespace Harmony.Core.Configuration.Toml;

/// <summary>One key of a table and what it holds.</summary>
/// <param name="Key">The key, unquoted: one part of a dotted key.</param>
/// <param name="KeyLocation">Where the key stands; for an implied table, where it is first named.</param>
/// <param name="Value">What the key holds.</param>
public sealed record TomlEntry(string Key, SourceLocation KeyLocation, TomlValue Value);
