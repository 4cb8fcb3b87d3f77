namespace Harmony.Core.Configuration.Toml;

/// <summary>Words for keys and headers that clash with what is there.</summary>
internal static class TomlConflicts
{
    /// <summary><paramref name="path"/> is there already.</summary>
    public static string Duplicate(string path, TomlEntry first, SourceLocation here) => $"'{path}' is already defined at {Place(first, here)}";

    /// <summary>A header names an array of tables as if it were a table.</summary>
    public static string NeedsDoubleBrackets(string path, TomlEntry first, SourceLocation here) =>
        $"'{path}' is already defined as an array of tables at {Place(first, here)}: write [[{path}]] to add to it";

    /// <summary>A double-bracketed header names an array that was written as a value.</summary>
    public static string ArrayIsComplete(string path, TomlEntry first, SourceLocation here) =>
        $"'{path}' is already defined as an array value at {Place(first, here)}: [[{path}]] cannot add to it";

    /// <summary>A key or header leads through <paramref name="path"/>, which cannot be added to from there.</summary>
    public static string NotOpen(string path, TomlEntry first, SourceLocation here)
    {
        var place = Place(first, here);
        return first.Value switch
        {
            TomlTable { Origin: TomlTableOrigin.Inline } => $"'{path}' is an inline table, complete at {place}: nothing can be added to it",
            TomlTable => $"'{path}' is already defined by a table header at {place}: add to it below that header",
            TomlArray { IsOfTables: true } => $"'{path}' is already defined as an array of tables at {place}: add to it below its header",
            _ => $"'{path}' is already defined at {place}, as {first.Value.KindName}: nothing can be added to it",
        };
    }

    private static string Place(TomlEntry first, SourceLocation here) =>
        first.KeyLocation.Line == here.Line ? $"column {first.KeyLocation.Column} of this line" : $"line {first.KeyLocation.Line}";
}
