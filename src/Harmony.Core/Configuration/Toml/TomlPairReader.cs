namespace Harmony.Core.Configuration.Toml;

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
