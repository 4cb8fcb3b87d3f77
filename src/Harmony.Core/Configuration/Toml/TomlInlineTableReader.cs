namespace Harmony.Core.Configuration.Toml;

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
