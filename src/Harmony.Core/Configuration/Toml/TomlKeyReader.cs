namespace Harmony.Core.Configuration.Toml;

/// <summary>Reads keys: bare, quoted, dotted.</summary>
internal sealed class TomlKeyReader(TomlCursor cursor, TomlErrors errors, int maxDepth)
{
    private readonly TomlStringReader _strings = new(cursor, errors);

    /// <summary>Reads the key that starts here, and the blanks behind it.</summary>
    /// <param name="depth">Depth of the table it belongs to.</param>
    /// <param name="key">The parts of the key.</param>
    /// <returns>False when there is none, which is reported.</returns>
    public bool TryRead(int depth, out IReadOnlyList<TomlKeyPart> key)
    {
        var parts = new List<TomlKeyPart>();
        key = parts;
        do
        {
            if (parts.Count > 0 && !TrySkipDot(depth + parts.Count)) return false;
            cursor.SkipBlanks();
            var location = cursor.Location;
            if (ReadPart(parts.Count == 0) is not { } text) return false;
            parts.Add(new TomlKeyPart(text, location));
            cursor.SkipBlanks();
        }
        while (cursor.Current == '.');

        return true;
    }

    private bool TrySkipDot(int depth)
    {
        if (depth > maxDepth) errors.Report(cursor.Location, TomlValueReader.TooDeep(maxDepth));
        cursor.Advance();
        return depth <= maxDepth;
    }

    private string? ReadPart(bool isFirst)
    {
        if (TomlCharacters.IsQuote(cursor.Current)) return ReadQuoted();
        var start = cursor.Position;
        while (TomlCharacters.IsBareKey(cursor.Current)) cursor.Advance();
        if (EndsKey()) return cursor.Position > start ? cursor.TextSince(start) : Missing(isFirst);

        var (location, found) = (cursor.Location, TomlFound.Describe(cursor.Ahead));
        while (!EndsKey()) cursor.Advance();
        var word = cursor.TextSince(start);
        var hint = LacksOnlyQuotes(word) ? $" without quotes: write {TomlHints.Quoted(word)}" : "";
        errors.Report(location, $"{found} is not allowed in a key{hint}");
        return null;
    }

    private static bool LacksOnlyQuotes(string word) =>
        word.EnumerateRunes().All(TomlFound.IsVisible)
        && !word.Any(c => TomlCharacters.IsSmartQuote(c) || "\"'()[]{},".Contains(c, StringComparison.Ordinal));

    private string? ReadQuoted()
    {
        if (!_strings.AtMultiline) return _strings.Read();
        errors.Report(cursor.Location, "a multi-line string cannot be a key: use one quote on either side");
        return null;
    }

    private string? Missing(bool isFirst)
    {
        errors.Report(cursor.Location, $"expected a key {(isFirst ? "here" : "after '.'")}, found {TomlFound.Describe(cursor)}");
        return null;
    }

    private bool EndsKey() => cursor.AtEndOfLine || TomlCharacters.IsBlank(cursor.Current) || cursor.Current is '.' or '=' or ':' or ']' or '[' or '#';
}
