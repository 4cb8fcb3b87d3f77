namespace Harmony.Core.Configuration.Toml;

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
