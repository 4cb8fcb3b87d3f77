namespace Harmony.Core.Configuration.Toml;

/// <summary>A position in the text of a document, which counts lines and columns as it moves.</summary>
internal sealed class TomlCursor(string text, string file)
{
    private int _column = 1;

    public int Position { get; private set; }

    public int Line { get; private set; } = 1;

    public SourceLocation Location => new(file, Line, _column);

    public bool AtEnd => Position >= text.Length;

    /// <summary>The character here. NUL at the end of the text, and where the text has a NUL: ask <see cref="AtEnd"/> first.</summary>
    public char Current => Peek(0);

    /// <summary>Whether a line ends here. A carriage return alone ends none.</summary>
    public bool AtNewline => Current == '\n' || (Current == '\r' && Peek(1) == '\n');

    public bool AtEndOfLine => AtEnd || AtNewline;

    public TomlMark Mark => new(Position, Line, _column);

    /// <summary>What is left of this line, without what ends it.</summary>
    public ReadOnlySpan<char> RestOfLine
    {
        get
        {
            var rest = text.AsSpan(Position);
            var end = rest.IndexOf('\n');
            return end < 0 ? rest : rest[..end].TrimEnd('\r');
        }
    }

    /// <summary>Enough of the text ahead to quote in a message, and cheap however long the line is.</summary>
    public ReadOnlySpan<char> Ahead => text.AsSpan(Position, Math.Min(TomlFound.LongestQuote + 1, text.Length - Position));

    public char Peek(int offset) => Position + offset < text.Length ? text[Position + offset] : '\0';

    public bool StartsWith(string what) => text.AsSpan(Position).StartsWith(what, StringComparison.Ordinal);

    /// <summary>The text from <paramref name="start"/> up to here.</summary>
    public string TextSince(int start) => text[start..Position];

    public void Advance()
    {
        if (AtEnd) return;
        var c = text[Position++];
        if (c == '\n')
        {
            Line++;
            _column = 1;
        }
        else if (!char.IsLowSurrogate(c))
        {
            _column++; // a pair of surrogates is one code point
        }
    }

    public void Advance(int count)
    {
        for (var i = 0; i < count; i++) Advance();
    }

    public void SkipBlanks()
    {
        while (TomlCharacters.IsBlank(Current)) Advance();
    }

    public void SkipNewline() => Advance(Current == '\r' ? 2 : 1);

    public void SkipRestOfLine()
    {
        while (!AtEndOfLine) Advance();
    }

    public void ReturnTo(TomlMark mark) => (Position, Line, _column) = mark;
}

/// <summary>The character classes of the TOML grammar.</summary>
internal static class TomlCharacters
{
    /// <summary>Refused everywhere, comments included. A line feed is one too; callers that allow it test for it first.</summary>
    public static bool IsControl(char c) => c is (< ' ' and not '\t') or '\u007f';

    /// <summary>White space within a line. Only these two, however much others look like it.</summary>
    public static bool IsBlank(char c) => c is ' ' or '\t';

    public static bool IsBareKey(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    public static bool IsQuote(char c) => c is '"' or '\'';

    /// <summary>The quotes that word processors put where someone typed a plain one.</summary>
    public static bool IsSmartQuote(char c) => c is '\u2018' or '\u2019' or '\u201a' or '\u201c' or '\u201d' or '\u201e' or '\u00ab' or '\u00bb';
}

/// <summary>Passes over comments and empty lines. A comment can be wrong, too: it holds no control characters.</summary>
internal sealed class TomlTrivia(TomlCursor cursor, TomlErrors errors)
{
    /// <summary>Skips blanks, ends of lines and comments.</summary>
    public void Skip()
    {
        while (true)
        {
            cursor.SkipBlanks();
            SkipComment();
            if (!cursor.AtNewline) return;
            cursor.SkipNewline();
        }
    }

    /// <summary>Skips the comment that starts here, if one does.</summary>
    public void SkipComment()
    {
        if (cursor.Current != '#') return;
        for (; !cursor.AtEndOfLine; cursor.Advance())
        {
            if (TomlCharacters.IsControl(cursor.Current))
            {
                errors.Report(cursor.Location, $"{TomlFound.Describe(cursor)} is not allowed in a comment");
            }
        }
    }
}
