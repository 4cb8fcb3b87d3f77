namespace Harmony.Core.Configuration.Toml;

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
