namespace Harmony.Core.Configuration.Toml;

/// <summary>An instant: date, time and offset. Offsets beyond 14 hours, which .NET cannot hold, are kept as the same instant in UTC.</summary>
/// <param name="value">The value.</param>
/// <param name="location">Where it stands.</param>
public sealed class TomlOffsetDateTime(DateTimeOffset value, SourceLocation location) : TomlValue(location)
{
    /// <summary>The value.</summary>
    public DateTimeOffset Value { get; } = value;

    /// <inheritdoc/>
    public override string KindName => "a date-time with an offset";
}
