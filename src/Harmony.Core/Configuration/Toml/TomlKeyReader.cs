using System.Buffers;

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

/// <summary>Writes keys as an author would: dotted, quoted only where they have to be.</summary>
internal static class TomlKeyText
{
    private const string Bare = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

    /// <summary>What an unquoted key has when it forgot its quotes.</summary>
    public static readonly SearchValues<char> BareAndSpace = SearchValues.Create(Bare + " ");

    public static string Of(IEnumerable<TomlKeyPart> key) => key.Aggregate("", (path, part) => Join(path, part.Text));

    /// <summary><paramref name="key"/> as a part of the table <paramref name="path"/>, which is empty for the root.</summary>
    public static string Join(string path, string key)
    {
        var text = TomlFound.Quote(key)[1..^1];
        if (key.Length == 0 || !key.All(TomlCharacters.IsBareKey)) text = $"\"{text}\"";
        return path.Length == 0 ? text : $"{path}.{text}";
    }
}

/// <summary>Reads a key, the equals sign and the value: a line of a table, or a part of an inline table.</summary>
internal sealed class TomlPairReader(TomlCursor cursor, TomlErrors errors, TomlValueReader values, int maxDepth)
{
    private readonly TomlKeyReader _keys = new(cursor, errors, maxDepth);

    /// <summary>Reads the pair that starts here.</summary>
    /// <param name="depth">Depth of the table it belongs to.</param>
    /// <param name="isNested">Whether that is an inline table.</param>
    /// <param name="key">The parts of the key.</param>
    /// <param name="value">Null when it is wrong, which is reported.</param>
    /// <returns>Whether reading can go on behind it; false when the statement has come apart.</returns>
    public bool TryRead(int depth, bool isNested, out IReadOnlyList<TomlKeyPart> key, out TomlValue? value)
    {
        value = null;
        if (!_keys.TryRead(depth, out key)) return false;
        var before = errors.Enter(key.Select(part => part.Text));
        try
        {
            return TryReadValue(depth, isNested, key, out value);
        }
        finally
        {
            // What follows on the line of a statement may be a part of the value still; the next statement begins afresh.
            if (isNested) errors.Leave(before);
        }
    }

    private bool TryReadValue(int depth, bool isNested, IReadOnlyList<TomlKeyPart> key, out TomlValue? value)
    {
        value = null;
        if (!TryReadEquals(key)) return false;
        if (!cursor.AtEndOfLine && cursor.Current != '#') return values.TryRead(depth + key.Count, isNested, out value);
        errors.Report(key[0].Location, $"'{TomlKeyText.Of(key)}' has no value: expected one after '='");
        return false;
    }

    private bool TryReadEquals(IReadOnlyList<TomlKeyPart> key)
    {
        if (cursor.Current is not ('=' or ':'))
        {
            errors.Report(cursor.AtEndOfLine ? key[0].Location : cursor.Location, NoEquals(key), $"expected '=' after '{TomlKeyText.Of(key)}'");
            return false;
        }

        if (cursor.Current == ':') errors.Report(cursor.Location, "expected '=' between key and value, found ':'");
        cursor.Advance();
        if (cursor.Current == '=')
        {
            errors.Report(cursor.Location, "expected a value after '=', found another '='");
            cursor.Advance();
        }

        cursor.SkipBlanks();
        return true;
    }

    private string NoEquals(IReadOnlyList<TomlKeyPart> key)
    {
        var text = TomlKeyText.Of(key);
        if (cursor.AtEndOfLine || cursor.Current == '#') return $"'{text}' has no value: expected '=' and a value";
        var message = $"expected '=' after '{text}', found {TomlFound.Describe(cursor)}";
        var rest = cursor.RestOfLine;
        var more = rest.IndexOf('=') is var end and > 0 ? rest[..end].TrimEnd() : default;
        var isKeyWithSpaces = !more.IsEmpty && !more.ContainsAnyExcept(TomlKeyText.BareAndSpace);
        return isKeyWithSpaces ? $"{message}; a key with spaces needs quotes: \"{key[^1].Text} {more}\"" : message;
    }
}

/// <summary>Reads table headers: <c>[name]</c> and <c>[[name]]</c>.</summary>
internal sealed class TomlHeaderReader(TomlCursor cursor, TomlErrors errors, TomlHeaderBinder binder, int maxDepth)
{
    private readonly TomlKeyReader _keys = new(cursor, errors, maxDepth);

    /// <summary>Reads the header that starts here.</summary>
    /// <param name="section">
    /// The table it opens. After a mistake a table that belongs to nothing: the lines below are checked,
    /// but must not end up in the table before, where they would clash with what is there.
    /// </param>
    /// <returns>Whether reading can go on behind it.</returns>
    public bool TryRead(out TomlSection section)
    {
        var location = cursor.Location;
        var ofArray = cursor.StartsWith("[[");
        section = new TomlSection(new TomlTable(location, TomlTableOrigin.Header), "", 0);
        cursor.Advance(ofArray ? 2 : 1);
        if (!_keys.TryRead(0, out var key)) return false;
        var isClosed = TryClose(ofArray ? "]]" : "]", key);
        section = binder.Open(key, location, ofArray) ?? section with { Path = TomlKeyText.Of(key) };
        return isClosed;
    }

    private bool TryClose(string brackets, IReadOnlyList<TomlKeyPart> key)
    {
        if (cursor.StartsWith(brackets))
        {
            cursor.Advance(brackets.Length);
            return true;
        }

        errors.Report(cursor.Location, $"expected '{brackets}' after '{TomlKeyText.Of(key)}' to close the header, found {TomlFound.Describe(cursor)}");
        return false;
    }
}
