namespace Harmony.Core.Configuration.Toml;

/// <summary>Reads a document statement by statement: headers, and keys with values.</summary>
internal sealed class TomlDocumentReader
{
    private readonly TomlCursor _cursor;
    private readonly TomlErrors _errors;
    private readonly TomlTrivia _trivia;
    private readonly TomlRecovery _recovery;
    private readonly TomlPairReader _pairs;
    private readonly TomlKeyBinder _keys;
    private readonly TomlHeaderReader _headers;
    private TomlSection _section;

    public TomlDocumentReader(TomlCursor cursor, TomlErrors errors, TomlReaderOptions options, TomlTable root)
    {
        _cursor = cursor;
        _errors = errors;
        _trivia = new TomlTrivia(cursor, errors);
        _recovery = new TomlRecovery(cursor);
        _pairs = new TomlValueReader(cursor, errors, options).Pairs;
        _keys = new TomlKeyBinder(errors);
        _headers = new TomlHeaderReader(cursor, errors, new TomlHeaderBinder(errors, options.MaxDepth, root), options.MaxDepth);
        _section = new TomlSection(root, "", 0);
    }

    /// <summary>Reads to the end, or to a limit of errors, beyond which a list of them helps no reader.</summary>
    public void Read()
    {
        for (_trivia.Skip(); !_cursor.AtEnd && !_errors.IsFull; _trivia.Skip())
        {
            if (_cursor.Current == '[') ReadHeader();
            else ReadPair();
        }
    }

    private void ReadHeader()
    {
        if (_headers.TryRead(out _section))
        {
            EndLine("the header");
            return;
        }

        _cursor.SkipRestOfLine();
        _recovery.SkipStatement(_cursor.Mark, spills: true);
    }

    private void ReadPair()
    {
        var start = _cursor.Mark;
        var before = _errors.Enter(_section.Path.Split('.'));
        ReadPair(start);
        _errors.Leave(before);
    }

    private void ReadPair(TomlMark start)
    {
        if (!_pairs.TryRead(_section.Depth, isNested: false, out var key, out var value))
        {
            _recovery.SkipStatement(start);
            return;
        }

        if (value is not null) _keys.Bind(_section.Table, _section.Path, key, value);
        EndLine("the value");
    }

    private void EndLine(string what)
    {
        _cursor.SkipBlanks();
        _trivia.SkipComment();
        if (_cursor.AtEndOfLine) return;
        _errors.Report(_cursor.Location, $"expected the end of the line after {what}, found {TomlFound.Describe(_cursor)}",
            $"expected the end of the line after {what}; a text with quotes in it stands in single ones: '…'");
        _recovery.SkipStatement(_cursor.Mark);
    }
}

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

/// <summary>Finds the next statement after one that came apart.</summary>
internal sealed class TomlRecovery(TomlCursor cursor)
{
    /// <summary>
    /// Goes over the broken statement once more, now only minding strings, comments and brackets, and stops at the first line
    /// where none of them is open any more, or where another statement clearly starts.
    /// </summary>
    /// <param name="start">Where to start; what stands there before the place where reading failed is skipped in any case.</param>
    /// <param name="spills">Whether something of it was left open, so that lines that look like no statement belong to it.</param>
    public void SkipStatement(TomlMark start, bool spills = false)
    {
        var failedLine = cursor.Line;
        cursor.ReturnTo(start);
        var (brackets, braces, afterEquals) = (0, 0, false); // counted apart: a stray one of one kind closes none of the other
        while (!cursor.AtEnd)
        {
            switch (cursor.Current)
            {
                case '\n':
                    spills |= afterEquals; // the value may stand on the next line, where it must not
                    cursor.Advance();
                    if (brackets + braces == 0 && cursor.Line > failedLine && (!spills || MayStartHeader())) return;
                    if (cursor.Line >= failedLine && StartsStatement()) return;
                    continue;
                case '#':
                    cursor.SkipRestOfLine();
                    continue;
                case '"' or '\'':
                    spills |= !TrySkipString();
                    afterEquals = false;
                    continue;
                case '[':
                    brackets++;
                    break;
                case ']':
                    brackets = Math.Max(0, brackets - 1);
                    break;
                case '{':
                    braces++;
                    break;
                case '}':
                    braces = Math.Max(0, braces - 1);
                    break;
            }

            if (!TomlCharacters.IsBlank(cursor.Current) && cursor.Current != '\r') afterEquals = cursor.Current == '=';
            cursor.Advance();
        }
    }

    /// <summary>A line of an array starts with a bracket, too, but mostly ends with a comma.</summary>
    private bool MayStartHeader()
    {
        var line = cursor.RestOfLine.Trim();
        return line is ['[', .., not ','];
    }

    private bool StartsStatement()
    {
        var lineStart = cursor.Mark;
        cursor.SkipBlanks();
        var starts = TomlStatementStart.IsAt(cursor);
        cursor.ReturnTo(lineStart);
        return starts;
    }

    private bool TrySkipString()
    {
        var delimiter = new string(cursor.Current, 3);
        if (!cursor.StartsWith(delimiter))
        {
            var isClosed = TomlQuotes.TryFindEnd(cursor.RestOfLine, 0, out var end);
            cursor.Advance(end);
            return isClosed;
        }

        cursor.Advance(3);
        while (!cursor.AtEnd && !cursor.StartsWith(delimiter)) cursor.Advance(cursor.Current == '\\' && delimiter[0] == '"' ? 2 : 1);
        cursor.Advance(3);
        return true;
    }
}
