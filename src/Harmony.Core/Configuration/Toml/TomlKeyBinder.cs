namespace Harmony.Core.Configuration.Toml;

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
