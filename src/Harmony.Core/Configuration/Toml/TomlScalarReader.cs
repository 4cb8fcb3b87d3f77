namespace Harmony.Core.Configuration.Toml;

/// <summary>Reads the values that stand without quotes or brackets: booleans, numbers, dates, variables.</summary>
internal sealed class TomlScalarReader(TomlCursor cursor, TomlErrors errors, TomlReaderOptions options)
{
    /// <summary>Reads the value that starts here.</summary>
    /// <param name="isNested">Whether it stands in an array or inline table, so that a comma or bracket ends it.</param>
    /// <param name="value">Null when it is wrong: that is reported, and the cursor stands behind it.</param>
    /// <returns>False when there is nothing that could be a value.</returns>
    public bool TryRead(bool isNested, out TomlValue? value)
    {
        var (mark, location) = (cursor.Mark, cursor.Location);
        value = options.AllowVariables ? ReadVariable(location) : null;
        value ??= Interpret(ReadToken(), location, out _);
        if (value is not null) return true;

        cursor.ReturnTo(mark);
        var text = ReadToEnd(isNested);
        if (text.Length == 0)
        {
            errors.Report(location, $"expected a value, found {TomlFound.Describe(cursor)}", "expected a value");
            return false;
        }

        Interpret(text, location, out var problem);
        errors.Report(location, TomlHints.ForValue(text, problem), "what stands here is not a value; strings need quotes: \"…\"");
        return true;
    }

    private static TomlValue? Interpret(string token, SourceLocation location, out string? problem)
    {
        problem = null;
        if (token is "true" or "false") return new TomlBoolean(token == "true", location);
        return TomlDates.Read(token, location, out problem) ?? (problem is null ? TomlNumbers.Read(token, location, out problem) : null);
    }

    private string ReadToken()
    {
        var start = cursor.Position;
        SkipToken();
        var mayHaveTime = cursor.Current == ' ' && char.IsAsciiDigit(cursor.Peek(1));
        if (mayHaveTime && TomlDates.IsDate(cursor.TextSince(start)))
        {
            cursor.Advance();
            SkipToken();
        }

        return cursor.TextSince(start);
    }

    private static bool EndsToken(char c) => TomlCharacters.IsBlank(c) || TomlCharacters.IsQuote(c) || c is '#' or ',' or '=' or ']' or '}';

    private void SkipToken()
    {
        while (!cursor.AtEndOfLine && !EndsToken(cursor.Current) && cursor.Current is not ('[' or '{')) cursor.Advance();
    }

    /// <summary>Reads as far as the author may have meant the value to go, spaces included.</summary>
    private string ReadToEnd(bool isNested)
    {
        var start = cursor.Position;
        while (!cursor.AtEndOfLine)
        {
            if (cursor.Current == '#' && (cursor.Position == start || TomlCharacters.IsBlank(cursor.Peek(-1)))) break;
            if (isNested && cursor.Current is ',' or ']' or '}') break;
            cursor.Advance();
        }

        return cursor.TextSince(start).TrimEnd(' ', '\t');
    }

    /// <summary>A name or braces behind a <c>$</c>, and what touches it. Braces may hold anything, other braces included.</summary>
    private TomlVariable? ReadVariable(SourceLocation location)
    {
        if (cursor.Current != '$' || !(char.IsAsciiLetter(cursor.Peek(1)) || cursor.Peek(1) is '_' or '{')) return null;
        var (mark, open) = (cursor.Mark, 0);
        for (; !cursor.AtEndOfLine; cursor.Advance())
        {
            if (open == 0 && EndsToken(cursor.Current)) break;
            if (TomlCharacters.IsControl(cursor.Current)) break;
            open += cursor.Current switch { '{' => 1, '}' => -1, _ => 0 };
        }

        if (open == 0) return new TomlVariable(cursor.TextSince(mark.Position), location);
        errors.Report(location, "the variable is not closed: expected } before the end of the line");
        cursor.ReturnTo(mark);
        return null;
    }
}
