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

/// <summary>Puts values into tables, under plain and dotted keys.</summary>
internal sealed class TomlKeyBinder(TomlErrors errors)
{
    /// <summary>Adds <paramref name="value"/> to <paramref name="table"/> as <paramref name="key"/>, or reports why that cannot be.</summary>
    /// <param name="table">The table the key is written in.</param>
    /// <param name="path">Name of that table, for messages.</param>
    /// <param name="key">The parts of the key; all but the last name tables.</param>
    /// <param name="value">What to add.</param>
    public void Bind(TomlTable table, string path, IReadOnlyList<TomlKeyPart> key, TomlValue value)
    {
        for (var i = 0; i < key.Count - 1; i++)
        {
            path = TomlKeyText.Join(path, key[i].Text);
            if (Descend(table, path, key[i]) is not { } next) return;
            table = next;
        }

        var last = key[^1];
        if (!table.TryGet(last.Text, out var first)) table.Add(new TomlEntry(last.Text, last.Location, value));
        else errors.Report(last.Location, TomlConflicts.Duplicate(TomlKeyText.Join(path, last.Text), first, last.Location));
    }

    /// <summary>
    /// Dotted keys share the tables that dotted keys made, or that nothing has defined yet: a table with a header
    /// is not open to additions from elsewhere.
    /// </summary>
    private TomlTable? Descend(TomlTable table, string path, TomlKeyPart part)
    {
        if (table.TryGet(part.Text, out var first))
        {
            if (first.Value is TomlTable { Origin: TomlTableOrigin.DottedKey or TomlTableOrigin.Implied } shared)
            {
                shared.TakeDottedKeys();
                return shared;
            }

            errors.Report(part.Location, TomlConflicts.NotOpen(path, first, part.Location));
            return null;
        }

        var made = new TomlTable(part.Location, TomlTableOrigin.DottedKey);
        table.Add(new TomlEntry(part.Text, part.Location, made));
        return made;
    }
}

/// <summary>Words for keys and headers that clash with what is there.</summary>
internal static class TomlConflicts
{
    /// <summary><paramref name="path"/> is there already.</summary>
    public static string Duplicate(string path, TomlEntry first, SourceLocation here) => $"'{path}' is already defined at {Place(first, here)}";

    /// <summary>A header names an array of tables as if it were a table.</summary>
    public static string NeedsDoubleBrackets(string path, TomlEntry first, SourceLocation here) =>
        $"'{path}' is already defined as an array of tables at {Place(first, here)}: write [[{path}]] to add to it";

    /// <summary>A double-bracketed header names an array that was written as a value.</summary>
    public static string ArrayIsComplete(string path, TomlEntry first, SourceLocation here) =>
        $"'{path}' is already defined as an array value at {Place(first, here)}: [[{path}]] cannot add to it";

    /// <summary>A key or header leads through <paramref name="path"/>, which cannot be added to from there.</summary>
    public static string NotOpen(string path, TomlEntry first, SourceLocation here)
    {
        var place = Place(first, here);
        return first.Value switch
        {
            TomlTable { Origin: TomlTableOrigin.Inline } => $"'{path}' is an inline table, complete at {place}: nothing can be added to it",
            TomlTable => $"'{path}' is already defined by a table header at {place}: add to it below that header",
            TomlArray { IsOfTables: true } => $"'{path}' is already defined as an array of tables at {place}: add to it below its header",
            _ => $"'{path}' is already defined at {place}, as {first.Value.KindName}: nothing can be added to it",
        };
    }

    private static string Place(TomlEntry first, SourceLocation here) =>
        first.KeyLocation.Line == here.Line ? $"column {first.KeyLocation.Column} of this line" : $"line {first.KeyLocation.Line}";
}
