namespace Harmony.Core.Configuration.Toml;

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
