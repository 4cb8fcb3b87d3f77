namespace Harmony.Core.Configuration.Toml;

/// <summary>Finds or makes the tables that headers name.</summary>
internal sealed class TomlHeaderBinder(TomlErrors errors, int maxDepth, TomlTable root)
{
    /// <summary>Opens the table of the header <paramref name="key"/>.</summary>
    /// <param name="key">The parts of the name; at least one.</param>
    /// <param name="header">Where the header starts.</param>
    /// <param name="ofArray">Whether it has double brackets.</param>
    /// <returns>Null when that cannot be, which is reported.</returns>
    public TomlSection? Open(IReadOnlyList<TomlKeyPart> key, SourceLocation header, bool ofArray)
    {
        var (table, path, depth) = (root, "", key.Count + (ofArray ? 1 : 0));
        for (var i = 0; i < key.Count - 1; i++)
        {
            path = TomlKeyText.Join(path, key[i].Text);
            if (Descend(table, path, key[i], ref depth) is not { } next) return null;
            table = next;
        }

        if (depth > maxDepth)
        {
            errors.Report(header, TomlValueReader.TooDeep(maxDepth));
            return null;
        }

        path = TomlKeyText.Join(path, key[^1].Text);
        var opened = ofArray ? OpenElement(table, path, key[^1], header) : OpenTable(table, path, key[^1], header);
        return opened is null ? null : new TomlSection(opened, path, depth);
    }

    /// <summary>Headers lead through tables of any origin but inline ones, and through arrays of tables into their last table.</summary>
    private TomlTable? Descend(TomlTable table, string path, TomlKeyPart part, ref int depth)
    {
        if (!table.TryGet(part.Text, out var entry)) return AddTo(table, part, new TomlTable(part.Location, TomlTableOrigin.Implied));
        switch (entry.Value)
        {
            case TomlTable { Origin: not TomlTableOrigin.Inline } next:
                return next;
            case TomlArray { IsOfTables: true } array:
                depth++;
                return (TomlTable)array[^1];
            default:
                errors.Report(part.Location, TomlConflicts.NotOpen(path, entry, part.Location));
                return null;
        }
    }

    private TomlTable? OpenTable(TomlTable parent, string path, TomlKeyPart part, SourceLocation header)
    {
        if (!parent.TryGet(part.Text, out var entry)) return AddTo(parent, part, new TomlTable(header, TomlTableOrigin.Header));
        if (entry.Value is TomlTable { Origin: TomlTableOrigin.Implied } implied)
        {
            parent.GiveHeader(implied, part, header);
            return implied;
        }

        var isArray = entry.Value is TomlArray { IsOfTables: true };
        errors.Report(part.Location, isArray
            ? TomlConflicts.NeedsDoubleBrackets(path, entry, part.Location)
            : TomlConflicts.Duplicate(path, entry, part.Location));
        return null;
    }

    private TomlTable? OpenElement(TomlTable parent, string path, TomlKeyPart part, SourceLocation header)
    {
        var element = new TomlTable(header, TomlTableOrigin.Header);
        if (!parent.TryGet(part.Text, out var entry))
        {
            parent.Add(new TomlEntry(part.Text, part.Location, new TomlArray([element], header) { IsOfTables = true }));
            return element;
        }

        if (entry.Value is TomlArray { IsOfTables: true } array)
        {
            array.Add(element);
            return element;
        }

        errors.Report(part.Location, entry.Value is TomlArray
            ? TomlConflicts.ArrayIsComplete(path, entry, part.Location)
            : TomlConflicts.Duplicate(path, entry, part.Location));
        return null;
    }

    private static TomlTable AddTo(TomlTable parent, TomlKeyPart part, TomlTable child)
    {
        parent.Add(new TomlEntry(part.Text, part.Location, child));
        return child;
    }
}
