namespace Harmony.Core.Configuration.Toml;

/// <summary>Reads a value of any kind.</summary>
internal sealed class TomlValueReader
{
    private readonly TomlCursor _cursor;
    private readonly TomlStringReader _strings;
    private readonly TomlScalarReader _scalars;
    private readonly TomlArrayReader _arrays;
    private readonly TomlInlineTableReader _inlineTables;
    private readonly TomlErrors _errors;
    private readonly int _maxDepth;

    public TomlValueReader(TomlCursor cursor, TomlErrors errors, TomlReaderOptions options)
    {
        _cursor = cursor;
        _errors = errors;
        _maxDepth = options.MaxDepth;
        _strings = new TomlStringReader(cursor, errors);
        _scalars = new TomlScalarReader(cursor, errors, options);
        _arrays = new TomlArrayReader(cursor, errors, this);
        Pairs = new TomlPairReader(cursor, errors, this, options.MaxDepth);
        _inlineTables = new TomlInlineTableReader(cursor, errors, Pairs);
    }

    /// <summary>Reads the keys with values that tables consist of.</summary>
    public TomlPairReader Pairs { get; }

    /// <summary>Reads the value that starts here.</summary>
    /// <param name="depth">How many arrays and tables stand around it, itself included if it is one.</param>
    /// <param name="isNested">Whether it stands in an array or inline table.</param>
    /// <param name="value">Null when it is wrong, which is reported.</param>
    /// <returns>Whether reading can go on behind it; false when the statement has come apart.</returns>
    public bool TryRead(int depth, bool isNested, out TomlValue? value)
    {
        value = null;
        var location = _cursor.Location;
        switch (_cursor.Current)
        {
            case '"' or '\'':
                if (_strings.Read() is not { } content) return false;
                value = new TomlString(content, location);
                return true;
            case '[' or '{' when depth > _maxDepth:
                _errors.Report(location, TooDeep(_maxDepth));
                return false;
            case '[':
                return _arrays.TryRead(depth, out value);
            case '{':
                return _inlineTables.TryRead(depth, out value);
            default:
                return _scalars.TryRead(isNested, out value);
        }
    }

    public static string TooDeep(int maxDepth) => $"nested too deeply: at most {maxDepth} arrays and tables may stand inside one another";
}

/// <summary>Reads arrays that are written as values.</summary>
internal sealed class TomlArrayReader(TomlCursor cursor, TomlErrors errors, TomlValueReader values)
{
    private readonly TomlTrivia _trivia = new(cursor, errors);

    /// <summary>Reads the array that starts here.</summary>
    /// <returns>False when its end cannot be found.</returns>
    public bool TryRead(int depth, out TomlValue? value)
    {
        value = null;
        var location = cursor.Location;
        var items = new List<TomlValue>();
        var (needsComma, lastWasWrong) = (false, false);
        cursor.Advance();
        while (SkipToNext(location))
        {
            switch (cursor.Current)
            {
                case ']':
                    cursor.Advance();
                    value = new TomlArray(items, location);
                    return true;
                case ',':
                    if (!needsComma) errors.Report(cursor.Location, "expected a value before ','");
                    cursor.Advance();
                    needsComma = false;
                    break;
                default:
                    // A missing comma is easily thought of: read on as if it were there. Behind a wrong value nothing is certain.
                    if (needsComma && !lastWasWrong)
                    {
                        errors.Report(cursor.Location, $"expected ',' or ']' after a value of the array, found {TomlFound.Describe(cursor)}",
                            "expected ',' or ']' after a value of the array");
                    }

                    if (!values.TryRead(depth + 1, isNested: true, out var item)) return false;
                    if (item is not null) items.Add(item);
                    (needsComma, lastWasWrong) = (true, item is null);
                    break;
            }
        }

        return false;
    }

    /// <summary>Skips to what comes next in the array; false when the array was left open.</summary>
    private bool SkipToNext(SourceLocation array)
    {
        var line = cursor.Line;
        _trivia.Skip();
        if (cursor.AtEnd)
        {
            errors.Report(array, "the array is not closed: expected ']' before the end of the file");
            return false;
        }

        if (cursor.Line == line || !TomlStatementStart.IsAt(cursor)) return true;
        errors.Report(array, $"the array is not closed: expected ']' before line {cursor.Line}");
        return false;
    }
}

/// <summary>Reads inline tables.</summary>
internal sealed class TomlInlineTableReader(TomlCursor cursor, TomlErrors errors, TomlPairReader pairs)
{
    private readonly TomlTrivia _trivia = new(cursor, errors);
    private readonly TomlKeyBinder _binder = new(errors);

    /// <summary>Reads the inline table that starts here.</summary>
    /// <returns>False when its end cannot be found.</returns>
    public bool TryRead(int depth, out TomlValue? value)
    {
        value = null;
        var table = new TomlTable(cursor.Location, TomlTableOrigin.Inline);
        var (isFirst, needsComma, isBroken) = (true, false, false);
        cursor.Advance();
        while (SkipToNext(table.Location, needsComma, ref isBroken))
        {
            switch (cursor.Current)
            {
                case '}':
                    if (!isFirst && !needsComma && !isBroken) errors.Report(cursor.Location, "an inline table has no comma after its last value");
                    cursor.Advance();
                    value = table;
                    return true;
                case ',':
                    if (!needsComma) errors.Report(cursor.Location, "expected a key before ','");
                    cursor.Advance();
                    needsComma = false;
                    break;
                default:
                    if (needsComma)
                    {
                        errors.Report(cursor.Location, $"expected ',' or '}}' after a value of the inline table, found {TomlFound.Describe(cursor)}",
                            "expected ',' or '}' after a value of the inline table");
                    }

                    if (!pairs.TryRead(depth, isNested: true, out var key, out var item)) return false;
                    if (item is not null) _binder.Bind(table, "", key, item);
                    needsComma = true;
                    break;
            }

            isFirst = false;
        }

        return false;
    }

    /// <summary>
    /// Skips to what comes next in the table; false when the table was left open. A table broken over several lines is a mistake,
    /// but its author knows where it ends, so it is read as meant.
    /// </summary>
    private bool SkipToNext(SourceLocation table, bool needsComma, ref bool isBroken)
    {
        cursor.SkipBlanks();
        if (!cursor.AtEndOfLine && cursor.Current != '#') return true;
        _trivia.Skip();
        isBroken = true;
        var isOpen = cursor.AtEnd || (needsComma && cursor.Current is not (',' or '}'));
        errors.Report(table, isOpen
            ? "the inline table is not closed: expected '}' before the end of the line"
            : "an inline table stands on one line: close it there, or use a [table] header");
        return !isOpen;
    }
}

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
        errors.Report(location, TomlHints.ForValue(text, problem), "expected a value; strings need quotes: \"…\"");
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
