namespace Harmony.Core.Configuration.Toml;

/// <summary><c>true</c> or <c>false</c>.</summary>
/// <param name="value">The value.</param>
/// <param name="location">Where it stands.</param>
public sealed class TomlBoolean(bool value, SourceLocation location) : TomlValue(location)
{
    /// <summary>The value.</summary>
    public bool Value { get; } = value;

    /// <inheritdoc/>
    public override string KindName => "a boolean";
}
