namespace Harmony.Core.Configuration.Toml;

/// <summary>A 64-bit floating point number; <c>inf</c> and <c>nan</c> included.</summary>
/// <param name="value">The value.</param>
/// <param name="location">Where it stands.</param>
public sealed class TomlFloat(double value, SourceLocation location) : TomlValue(location)
{
    /// <summary>The value.</summary>
    public double Value { get; } = value;

    /// <inheritdoc/>
    public override string KindName => "a float";
}
