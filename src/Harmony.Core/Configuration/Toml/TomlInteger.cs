namespace Harmony.Core.Configuration.Toml;

/// <summary>A 64-bit integer.</summary>
/// <param name="value">The value.</param>
/// <param name="location">Where it stands.</param>
public sealed class TomlInteger(long value, SourceLocation location) : TomlValue(location)
{
    /// <summary>The value.</summary>
    public long Value { get; } = value;

    /// <inheritdoc/>
    public override string KindName => "an integer";
}
