namespace Harmony.Core.Configuration.Toml;

/// <summary>A time of day.</summary>
/// <param name="value">The value.</param>
/// <param name="location">Where it stands.</param>
public sealed class TomlLocalTime(TimeOnly value, SourceLocation location) : TomlValue(location)
{
    /// <summary>The value.</summary>
    public TimeOnly Value { get; } = value;

    /// <inheritdoc/>
    public override string KindName => "a local time";
}
