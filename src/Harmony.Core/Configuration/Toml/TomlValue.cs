namespace Harmony.Core.Configuration.Toml;

/// <summary>A value of a TOML document, which knows where it stands.</summary>
public abstract class TomlValue
{
    private protected TomlValue(SourceLocation location) => Location = location;

    /// <summary>The first character of the value; for a table with a header, of that header; for an implied table, where it is first named.</summary>
    public SourceLocation Location { get; private protected set; }

    /// <summary>The text it was made from where the file holds one variable in its place, quoted or not, such as <c>$PORT</c>; else null.</summary>
    public string? VariableText { get; init; }

    /// <summary>What it is, for messages: <c>a string</c>, <c>an integer</c>, <c>a table</c>.</summary>
    public abstract string KindName { get; }
}

/// <summary>A string in any of its four notations, with its escapes resolved.</summary>
/// <param name="value">The value.</param>
/// <param name="location">Location in the file.</param>
public sealed class TomlString(string value, SourceLocation location) : TomlValue(location)
{
    /// <summary>The value.</summary>
    public string Value { get; } = value;

    /// <inheritdoc/>
    public override string KindName => "a string";
}

/// <summary>A 64-bit integer.</summary>
/// <param name="value">The value.</param>
/// <param name="location">Location in the file.</param>
public sealed class TomlInteger(long value, SourceLocation location) : TomlValue(location)
{
    /// <summary>The value.</summary>
    public long Value { get; } = value;

    /// <inheritdoc/>
    public override string KindName => "an integer";
}

/// <summary>A 64-bit floating point number; <c>inf</c> and <c>nan</c> included.</summary>
/// <param name="value">The value.</param>
/// <param name="location">Location in the file.</param>
public sealed class TomlFloat(double value, SourceLocation location) : TomlValue(location)
{
    /// <summary>The value.</summary>
    public double Value { get; } = value;

    /// <inheritdoc/>
    public override string KindName => "a float";
}

/// <summary><c>true</c> or <c>false</c>.</summary>
/// <param name="value">The value.</param>
/// <param name="location">Location in the file.</param>
public sealed class TomlBoolean(bool value, SourceLocation location) : TomlValue(location)
{
    /// <summary>The value.</summary>
    public bool Value { get; } = value;

    /// <inheritdoc/>
    public override string KindName => "a boolean";
}

/// <summary>An instant: date, time and offset. Offsets beyond 14 hours, which .NET cannot hold, are kept as the same instant in UTC.</summary>
/// <param name="value">The value.</param>
/// <param name="location">Location in the file.</param>
public sealed class TomlOffsetDateTime(DateTimeOffset value, SourceLocation location) : TomlValue(location)
{
    /// <summary>The value.</summary>
    public DateTimeOffset Value { get; } = value;

    /// <inheritdoc/>
    public override string KindName => "a date-time with an offset";
}

/// <summary>A date and time of no particular time zone.</summary>
/// <param name="value">The value.</param>
/// <param name="location">Location in the file.</param>
public sealed class TomlLocalDateTime(DateTime value, SourceLocation location) : TomlValue(location)
{
    /// <summary>The value.</summary>
    public DateTime Value { get; } = value;

    /// <inheritdoc/>
    public override string KindName => "a local date-time";
}

/// <summary>A day of the calendar.</summary>
/// <param name="value">The value.</param>
/// <param name="location">Location in the file.</param>
public sealed class TomlLocalDate(DateOnly value, SourceLocation location) : TomlValue(location)
{
    /// <summary>The value.</summary>
    public DateOnly Value { get; } = value;

    /// <inheritdoc/>
    public override string KindName => "a local date";
}

/// <summary>A time of day.</summary>
/// <param name="value">The value.</param>
/// <param name="location">Location in the file.</param>
public sealed class TomlLocalTime(TimeOnly value, SourceLocation location) : TomlValue(location)
{
    /// <summary>The value.</summary>
    public TimeOnly Value { get; } = value;

    /// <inheritdoc/>
    public override string KindName => "a local time";
}

/// <summary>
/// A variable that stands where TOML wants a value, such as <c>$PORT</c> or <c>${PORT:-8080}</c>.
/// Not TOML, see <see cref="TomlReaderOptions.AllowVariables"/>.
/// </summary>
/// <param name="text">The variable as written, from the <c>$</c> on.</param>
/// <param name="location">Location in the file.</param>
public sealed class TomlVariable(string text, SourceLocation location) : TomlValue(location)
{
    /// <summary>The variable as written, from the <c>$</c> on; its inner form is not checked yet.</summary>
    public string Text { get; } = text;

    /// <inheritdoc/>
    public override string KindName => "a variable";
}
