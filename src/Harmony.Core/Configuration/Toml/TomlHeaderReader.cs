namespace Harmony.Core.Configuration.Toml;

/// <summary>Reads table headers: <c>[name]</c> and <c>[[name]]</c>.</summary>
internal sealed class TomlHeaderReader(TomlCursor cursor, TomlErrors errors, TomlHeaderBinder binder, int maxDepth)
{
    private readonly TomlKeyReader _keys = new(cursor, errors, maxDepth);

    /// <summary>Reads the header that starts here.</summary>
    /// <param name="section">
    /// The table it opens. After a mistake a table that belongs to nothing: the lines below are checked,
    /// but must not end up in the table before, where they would clash with what is there.
    /// </param>
    /// <returns>Whether reading can go on behind it.</returns>
    public bool TryRead(out TomlSection section)
    {
        var location = cursor.Location;
        var ofArray = cursor.StartsWith("[[");
        section = new TomlSection(new TomlTable(location, TomlTableOrigin.Header), "", 0);
        cursor.Advance(ofArray ? 2 : 1);
        if (!_keys.TryRead(0, out var key)) return false;
        var isClosed = TryClose(ofArray ? "]]" : "]", key);
        section = binder.Open(key, location, ofArray) ?? section with { Path = TomlKeyText.Of(key) };
        return isClosed;
    }

    private bool TryClose(string brackets, IReadOnlyList<TomlKeyPart> key)
    {
        if (cursor.StartsWith(brackets))
        {
            cursor.Advance(brackets.Length);
            return true;
        }

        errors.Report(cursor.Location, $"expected '{brackets}' after '{TomlKeyText.Of(key)}' to close the header, found {TomlFound.Describe(cursor)}");
        return false;
    }
}
