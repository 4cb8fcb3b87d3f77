using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary>
/// Compares what tables of two files mean: a name in a table means the definition of its own file first, so two tables with the same text may
/// put different things together.
/// </summary>
internal sealed class Meanings
{
    private readonly List<INamedTables> _kinds = [];

    /// <summary>Adds a kind of definitions that names may mean.</summary>
    public void Add(INamedTables kind) => _kinds.Add(kind);

    /// <summary>Compares two tables.</summary>
    /// <returns>Null when they mean the same; else the name in both that means two things, or an empty text when their own words differ.</returns>
    public string? Difference(TomlTable left, string leftFile, TomlTable right, string rightFile) => Difference(left, leftFile, right, rightFile, []);

    private string? Difference(TomlTable left, string leftFile, TomlTable right, string rightFile, HashSet<(TomlTable, TomlTable)> compared)
    {
        if (!TomlEquality.AreEqual(left, right)) return "";
        if (leftFile == rightFile || !compared.Add((left, right))) return null;
        foreach (var name in Texts(left).Distinct(StringComparer.Ordinal))
        {
            foreach (var kind in _kinds)
            {
                var (ofLeft, ofRight) = (kind.FindTable(name, leftFile), kind.FindTable(name, rightFile));
                if (ReferenceEquals(ofLeft?.Table, ofRight?.Table)) continue;
                if (ofLeft is null || ofRight is null) return name;
                if (Difference(ofLeft.Value.Table, ofLeft.Value.File, ofRight.Value.Table, ofRight.Value.File, compared) is not null) return name;
            }
        }

        return null;
    }

    /// <summary>Every text of a table that may be a name.</summary>
    private static IEnumerable<string> Texts(TomlValue value) => value switch
    {
        TomlString text => [text.Value],
        TomlArray array => array.SelectMany(Texts),
        TomlTable table => table.SelectMany(entry => Texts(entry.Value)),
        _ => [],
    };
}

/// <summary>Tables of one kind that names may mean.</summary>
internal interface INamedTables
{
    /// <summary>The table that a name means in a file, and the file that the table stands in.</summary>
    (TomlTable Table, string File)? FindTable(string name, string from);
}
