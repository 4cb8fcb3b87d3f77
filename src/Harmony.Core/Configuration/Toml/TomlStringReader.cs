using System.Globalization;
using System.Text;

namespace Harmony.Core.Configuration.Toml;

/// <summary>Reads strings of all four notations.</summary>
internal sealed class TomlStringReader(TomlCursor cursor, TomlErrors errors)
{
    private readonly TomlEscapeReader _escapes = new(cursor, errors);

    /// <summary>Whether a multi-line string starts here.</summary>
    public bool AtMultiline => cursor.StartsWith("\"\"\"") || cursor.StartsWith("'''");

    /// <summary>Reads the string that starts here. What is wrong inside it is reported and read over, so that reading goes on behind it.</summary>
    /// <returns>Null when the string has no end.</returns>
    public string? Read() => AtMultiline ? ReadMultiline() : ReadLine();

    private string? ReadLine()
    {
        var (location, quote) = (cursor.Location, cursor.Current);
        cursor.Advance();
        var start = cursor.Position;
        var content = new StringBuilder();
        while (!cursor.AtEndOfLine)
        {
            if (cursor.Current == quote)
            {
                cursor.Advance();
                return content.ToString();
            }

            if (quote == '"' && cursor.Current == '\\') _escapes.Read(content, start);
            else ReadCharacter(content);
        }

        var text = cursor.TextSince(start);
        var path = text.EndsWith("\\\"", StringComparison.Ordinal) ? TomlHints.ForWindowsPath(text) : null; // "C:\temp\" escapes its closing quote
        var expected = $"the string is not closed: expected {quote} before the end of the line";
        errors.Report(location, path is null ? expected : $"the string is not closed; {path}", expected);
        return null;
    }

    private string? ReadMultiline()
    {
        var (location, quote) = (cursor.Location, cursor.Current);
        cursor.Advance(3);
        if (cursor.AtNewline) cursor.SkipNewline();
        var start = cursor.Position;
        var content = new StringBuilder();
        while (!cursor.AtEnd)
        {
            if (cursor.Current == quote)
            {
                if (ReadQuotes(quote, content)) return content.ToString();
            }
            else if (quote == '"' && cursor.Current == '\\')
            {
                if (!SkipLineEnd()) _escapes.Read(content, start);
            }
            else
            {
                ReadCharacter(content);
            }
        }

        errors.Report(location, $"the multi-line string is not closed: expected {new string(quote, 3)} before the end of the file");
        return null;
    }

    /// <summary>Up to two quotes are content, three are the end, and two of content may touch the three of the end.</summary>
    private bool ReadQuotes(char quote, StringBuilder content)
    {
        var count = 0;
        while (count < 5 && cursor.Current == quote)
        {
            cursor.Advance();
            count++;
        }

        content.Append(quote, count < 3 ? count : count - 3);
        return count >= 3;
    }

    /// <summary>A backslash that ends a line swallows all white space up to the next visible character.</summary>
    private bool SkipLineEnd()
    {
        var offset = 1;
        while (TomlCharacters.IsBlank(cursor.Peek(offset))) offset++;
        if (cursor.Peek(offset) == '\r') offset++;
        if (cursor.Peek(offset) != '\n') return false;
        cursor.Advance();
        while (TomlCharacters.IsBlank(cursor.Current) || cursor.AtNewline) cursor.Advance();
        return true;
    }

    private void ReadCharacter(StringBuilder content)
    {
        if (!cursor.AtNewline && TomlCharacters.IsControl(cursor.Current))
        {
            errors.Report(cursor.Location, $"{TomlFound.Describe(cursor)} is not allowed in a string");
        }

        content.Append(cursor.Current);
        cursor.Advance();
    }
}

/// <summary>Resolves the escapes of basic strings.</summary>
internal sealed class TomlEscapeReader(TomlCursor cursor, TomlErrors errors)
{
    /// <summary>Reads the escape that starts here. A wrong one is reported and left out.</summary>
    /// <param name="content">Receives the character.</param>
    /// <param name="start">Where the content of the string starts: for the hint about Windows paths.</param>
    public void Read(StringBuilder content, int start)
    {
        var mark = cursor.Mark;
        var location = cursor.Location;
        cursor.Advance();
        if (cursor.AtEndOfLine) return; // the string is not closed, and its reader says so
        var escaped = cursor.Current;
        cursor.Advance();
        switch (escaped)
        {
            case 'b': content.Append('\b'); return;
            case 't': content.Append('\t'); return;
            case 'n': content.Append('\n'); return;
            case 'f': content.Append('\f'); return;
            case 'r': content.Append('\r'); return;
            case '"' or '\\': content.Append(escaped); return;
        }

        if (char.IsHighSurrogate(escaped)) cursor.Advance();
        var unknown = TomlFound.Quote(cursor.TextSince(mark.Position));
        string? problem = $"{unknown} is not an escape: expected one of \\b \\t \\n \\f \\r \\\" \\\\ \\uXXXX \\UXXXXXXXX";
        if (escaped is 'u' or 'U') content.Append(ReadCodePoint(escaped == 'u' ? 4 : 8, out problem)?.ToString());
        if (problem is not null && errors.Wants(mark.Line))
        {
            errors.Report(location, HintAt(mark, start) ?? problem, "a backslash starts an escape: write \\\\ for a backslash, or the string in single quotes");
        }
    }

    private Rune? ReadCodePoint(int digits, out string? problem)
    {
        var start = cursor.Position;
        while (cursor.Position - start < digits && char.IsAsciiHexDigit(cursor.Current)) cursor.Advance();
        var hex = cursor.TextSince(start);
        var escape = (digits == 4 ? "\\u" : "\\U") + hex;
        problem = null;
        if (hex.Length < digits) problem = $"'{escape}' is not an escape: expected {digits} hexadecimal digits, found {hex.Length}";
        else if (Rune.TryCreate(uint.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), out var rune)) return rune;
        else problem = $"'{escape}' is not a Unicode character";
        return null;
    }

    /// <summary>The hint about Windows paths, if the string is one.</summary>
    private string? HintAt(TomlMark escape, int start)
    {
        var behind = cursor.Mark;
        cursor.SkipRestOfLine();
        var content = cursor.TextSince(start);
        cursor.ReturnTo(behind);
        var (firstLine, end) = (content.LastIndexOf('\n', escape.Position - start) + 1, content.IndexOf('"', escape.Position - start));
        var hint = TomlHints.ForWindowsPath(end < 0 ? content[firstLine..] : content[firstLine..end]);
        return hint is null ? null : $"a backslash starts an escape; {hint}";
    }
}

/// <summary>Finds the end of a quoted string without reading it.</summary>
internal static class TomlQuotes
{
    /// <summary>Finds the position behind the string that starts at <paramref name="start"/>: the end of the line when it is not closed there.</summary>
    public static bool TryFindEnd(ReadOnlySpan<char> line, int start, out int end)
    {
        var quote = line[start];
        for (var i = start + 1; i < line.Length; i++)
        {
            if (line[i] == quote)
            {
                end = i + 1;
                return true;
            }

            if (line[i] == '\\' && quote == '"') i++;
        }

        end = line.Length;
        return false;
    }
}
