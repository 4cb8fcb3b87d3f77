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
