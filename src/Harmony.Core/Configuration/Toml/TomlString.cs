namespace Harmony.Core.Configuration.Toml;

/// <summary>A string in any of its four notations, with its escapes resolved.</summary>
/// <param name="value">The value.</param>
/// <param name="location">Where it stands.</param>
public sealed class TomlString(string value, SourceLocation location) : TomlValue(location)
{
    /// <summary>The value.</summary>
    public string Value { get; } = value;

    /// <inheritdoc/>
    public override string KindName => "a string";
}
