namespace Harmony.Core.Configuration.Toml;

/// <summary>A date and time of no particular time zone.</summary>
/// <param name="value">The value.</param>
/// <param name="location">Where it stands.</param>
public sealed class TomlLocalDateTime(DateTime value, SourceLocation location) : TomlValue(location)
{
    /// <summary>The value.</summary>
    public DateTime Value { get; } = value;

    /// <inheritdoc/>
    public override string KindName => "a local date-time";
}
