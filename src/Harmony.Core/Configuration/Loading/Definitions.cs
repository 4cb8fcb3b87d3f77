using System.Collections;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary>A named table of some file: <c>[endpoints.api]</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Section">What it says.</param>
/// <param name="Table">The same as read, to tell equal definitions from different ones.</param>
/// <param name="File">The file it stands in.</param>
public sealed record Definition<T>(string Name, T Section, TomlTable Table, string File)
    where T : ConfigNode;

/// <summary>
/// All definitions of one kind in all files. A name is looked for in the file that uses it first, then everywhere; the same definition
/// in several files is fine, two different ones outside the own file are an error that names both.
/// </summary>
public sealed class Definitions<T> : IReadOnlyCollection<Definition<T>>, INamedTables
    where T : ConfigNode
{
    private readonly string _kind;
    private readonly string _prefix;
    private readonly Meanings _meanings;
    private readonly HashSet<string> _unreadable = new(StringComparer.Ordinal); // not a table, which has been reported
    private readonly List<Definition<T>> _all = [];
    private readonly Dictionary<string, List<Definition<T>>> _byName = new(StringComparer.Ordinal);

    /// <summary>Gathers the tables <c>[key.NAME]</c> of all files.</summary>
    /// <param name="key">The table's key: <c>endpoints</c>.</param>
    /// <param name="kind">What one of them is called: <c>endpoint</c>.</param>
    /// <param name="files">The files.</param>
    /// <param name="select">Takes the sections of this kind from a file.</param>
    /// <param name="meanings">Compares definitions of one name in several files.</param>
    internal Definitions(
        string key, string kind, IEnumerable<ConfigFile> files, Func<ConfigFileContent, IReadOnlyDictionary<string, T>> select, Meanings meanings)
    {
        _meanings = meanings;
        meanings.Add(this);
        _kind = kind;
        _prefix = key + ".";
        ArgumentNullException.ThrowIfNull(files);
        foreach (var file in files)
        {
            var tables = file.Table.TryGet(key, out var entry) ? entry.Value as TomlTable : null;
            foreach (var (name, section) in select(file.Content))
            {
                if (tables is not null && tables.TryGet(name, out var table) && table.Value is TomlTable raw)
                    Add(new Definition<T>(name, section, raw, file.Name));
            }

            foreach (var wrong in tables?.Where(t => t.Value is not TomlTable) ?? []) _unreadable.Add(wrong.Key);
        }
    }

    /// <inheritdoc/>
    public int Count => _all.Count;

    /// <summary>Every name that is defined.</summary>
    public IReadOnlyCollection<string> Names => _byName.Keys;

    /// <summary>Finds what a reference means; an error is added when it means nothing, or two things.</summary>
    /// <param name="name">The name, bare or with the table in front (<c>authentications.x</c>).</param>
    /// <param name="from">The file that refers to it.</param>
    /// <param name="location">Where it does.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public Definition<T>? Resolve(string name, string from, SourceLocation location, ConfigProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        var found = Find(name, from, out var other);
        if (found is null)
        {
            if (!_unreadable.Contains(Bare(name))) problems.Error(location, $"{_kind} '{name}' is not defined{Advice(name)}");
        }
        else if (other is not null)
        {
            problems.Error(location,
                $"{_kind} '{name}' is defined differently in {found.Section.Location} and {other.Section.Location}{Because(found, other)}; rename one of "
                    + "them, or define it in this file");
        }

        return found;
    }

    /// <summary>A name without the table that may stand in front of it: <c>endpoints.x</c> is <c>x</c>.</summary>
    public string Bare(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(_prefix, StringComparison.Ordinal) ? name[_prefix.Length..] : name;
    }

    /// <summary>What to do about a name that is not defined: the nearest one that is, or the table it needs.</summary>
    /// <param name="name">The name.</param>
    /// <param name="others">Names that would do besides those that are defined.</param>
    public string Advice(string name, IEnumerable<string>? others = null)
        => NearestName.Suggestion(name, Names.Concat(others ?? [])) is { Length: > 0 } suggestion
            ? suggestion
            : $"; it needs a table [{(name.StartsWith(_prefix, StringComparison.Ordinal) ? "" : _prefix)}{name}]";

    /// <summary>Finds what a name means, without complaint.</summary>
    public Definition<T>? Find(string name, string from) => Find(name, from, out _);

    /// <summary>One definition per name, in order of appearance; names with two different definitions are errors.</summary>
    public IReadOnlyList<Definition<T>> Unique(ConfigProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        var result = new List<Definition<T>>();
        foreach (var definition in _all)
        {
            var first = _byName[definition.Name][0];
            if (ReferenceEquals(first, definition)) result.Add(definition);
            else if (Differ(first, definition))
            {
                problems.Error(definition.Section.Location,
                    $"{_kind} '{definition.Name}' is defined differently in {first.Section.Location}{Because(first, definition)}; give one of them another "
                        + "name");
            }
        }

        return result;
    }

    /// <inheritdoc/>
    public IEnumerator<Definition<T>> GetEnumerator() => _all.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    (TomlTable Table, string File)? INamedTables.FindTable(string name, string from)
        => (Candidates(name) is { } list ? list.Find(d => d.File == from) ?? list[0] : null) is { } found ? (found.Table, found.File) : null;

    private bool Differ(Definition<T> left, Definition<T> right) => _meanings.Difference(left.Table, left.File, right.Table, right.File) is not null;

    /// <summary>Where two definitions have the same text: which of their names means two things.</summary>
    private string Because(Definition<T> left, Definition<T> right)
        => _meanings.Difference(left.Table, left.File, right.Table, right.File) is { Length: > 0 } name ? $", where '{name}' means something else" : "";

    private List<Definition<T>>? Candidates(string name) => _byName.GetValueOrDefault(name) ?? _byName.GetValueOrDefault(Bare(name));

    private void Add(Definition<T> definition)
    {
        _all.Add(definition);
        if (!_byName.TryGetValue(definition.Name, out var list)) _byName[definition.Name] = list = [];
        list.Add(definition);
    }

    private Definition<T>? Find(string name, string from, out Definition<T>? other)
    {
        other = null;
        if (Candidates(name) is not { } list) return null;
        foreach (var definition in list)
        {
            if (definition.File == from) return definition;
        }

        other = list.Find(d => Differ(d, list[0]));
        return list[0];
    }
}
