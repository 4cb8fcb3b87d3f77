namespace Harmony.Core.Configuration.Toml;

/// <summary>One part of a dotted key, unquoted. An ordinary key has one part.</summary>
internal sealed record TomlKeyPart(string Text, SourceLocation Location);
