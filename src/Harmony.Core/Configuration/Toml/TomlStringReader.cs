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
