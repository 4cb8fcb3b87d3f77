namespace Harmony.Core.Configuration.Toml;

/// <summary>A day of the calendar.</summary>
/// <param name="value">The value.</param>
/// <param name="location">Where it stands.</param>
public sealed class TomlLocalDate(DateOnly value, SourceLocation location) : TomlValue(location)
{
    /// <summary>The value.</summary>
    public DateOnly Value { get; } = value;

    /// <inheritdoc/>
    public override string KindName => "a local date";
}
