namespace Harmony.Core.Configuration.Toml;

/// <summary>Recognises lines that start a statement, while reading something that should have ended before.</summary>
internal static class TomlStatementStart
{
    /// <summary>
    /// Whether what stands here can only be a new statement, never a part of an array: a key with an equals sign, or at the very
    /// start of the line a header with a bare name, as in <c>[name]</c>, which as a value would lack its quotes.
    /// </summary>
    public static bool IsAt(TomlCursor cursor)
    {
        var line = cursor.RestOfLine;
        return line is ['[', ..] ? cursor.Location.Column == 1 && IsHeader(line) : IsPair(line);
    }

    private static bool IsHeader(ReadOnlySpan<char> line)
    {
        var brackets = line is ['[', '[', ..] ? 2 : 1;
        var name = line[brackets..];
        var close = name.IndexOf(']');
        if (close <= 0) return false;
        var behind = name[close..].TrimStart(']').TrimStart(" \t");
        name = name[..close];
        if (!char.IsAsciiLetter(name[0]) || name is "true" or "false" or "inf" or "nan") return false;
        foreach (var c in name)
        {
            if (!TomlCharacters.IsBareKey(c) && c != '.') return false;
        }

        return behind is [] or ['#', ..];
    }

    private static bool IsPair(ReadOnlySpan<char> line)
    {
        var i = 0;
        while (i < line.Length)
        {
            if (TomlCharacters.IsQuote(line[i]))
            {
                if (!TomlQuotes.TryFindEnd(line, i, out i)) return false;
            }
            else if (TomlCharacters.IsBareKey(line[i]) || TomlCharacters.IsBlank(line[i]) || line[i] == '.')
            {
                i++;
            }
            else
            {
                return line[i] == '=' && i > 0;
            }
        }

        return false;
    }
}
