using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary>What one configuration has and another has not. Names of tables only (<c>pipelines.records</c>, <c>logging</c>): values may be secret.</summary>
/// <param name="Added">Tables that are new.</param>
/// <param name="Removed">Tables that are gone.</param>
/// <param name="Changed">Tables that say something else.</param>
public sealed record ConfigDifference(IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Changed)
{
    /// <summary>Whether both say the same.</summary>
    public bool IsEmpty => Added.Count + Removed.Count + Changed.Count == 0;

    /// <summary>Compares two configurations; where something stands does not matter.</summary>
    public static ConfigDifference Between(ConfigSet old, ConfigSet next)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(next);
        var (before, after) = (Tables(old), Tables(next));
        return new ConfigDifference(
            [.. after.Keys.Where(name => !before.ContainsKey(name))],
            [.. before.Keys.Where(name => !after.ContainsKey(name))],
            [.. after.Where(t => before.TryGetValue(t.Key, out var was) && !AreEqual(was, t.Value)).Select(t => t.Key)]);
    }

    /// <summary><c>+ added, - removed, ~ changed</c>, or <c>nothing</c>.</summary>
    public override string ToString()
        => IsEmpty ? "nothing" : string.Join(", ", Added.Select(n => "+" + n).Concat(Removed.Select(n => "-" + n)).Concat(Changed.Select(n => "~" + n)));

    /// <summary>
    /// Each named table (<c>[endpoints.api]</c>) for itself, and the main file's own (<c>[proxy]</c>) as a whole; a name may stand in several files.
    /// </summary>
    private static SortedDictionary<string, List<TomlValue>> Tables(ConfigSet config)
    {
        var tables = new SortedDictionary<string, List<TomlValue>>(StringComparer.Ordinal);
        foreach (var entry in config.Files.SelectMany(f => f.Table))
        {
            if (entry.Value is not TomlTable named || ConfigLoader.MainOnly.Contains(entry.Key)) Add(entry.Key, entry.Value);
            else foreach (var table in named) Add($"{entry.Key}.{table.Key}", table.Value);
        }

        return tables;

        void Add(string name, TomlValue value)
        {
            if (!tables.TryGetValue(name, out var list)) tables[name] = list = [];
            list.Add(value);
        }
    }

    private static bool AreEqual(List<TomlValue> left, List<TomlValue> right)
        => left.Count == right.Count && left.Zip(right).All(pair => TomlEquality.AreEqual(pair.First, pair.Second));
}

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
