using System.Collections;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary>
/// All definitions of one kind in all files. A name is looked for in the file that uses it first, then everywhere; the same definition
/// in several files is fine, two different ones outside the own file are an error that names both.
/// </summary>
public sealed class Definitions<T> : IReadOnlyCollection<Definition<T>>
    where T : ConfigNode
{
    private readonly string _kind;
    private readonly string _prefix;
    private readonly List<Definition<T>> _all = [];
    private readonly Dictionary<string, List<Definition<T>>> _byName = new(StringComparer.Ordinal);

    /// <summary>Gathers the tables <c>[key.NAME]</c> of all files.</summary>
    /// <param name="key">The table's key: <c>endpoints</c>.</param>
    /// <param name="kind">What one of them is called: <c>endpoint</c>.</param>
    /// <param name="files">The files.</param>
    /// <param name="select">Takes the sections of this kind from a file.</param>
    public Definitions(string key, string kind, IEnumerable<ConfigFile> files, Func<ConfigFileContent, IReadOnlyDictionary<string, T>> select)
    {
        _kind = kind;
        _prefix = key + ".";
        ArgumentNullException.ThrowIfNull(files);
        foreach (var file in files)
        {
            var tables = file.Table.TryGet(key, out var entry) ? entry.Value as TomlTable : null;
            foreach (var (name, section) in select(file.Content))
            {
                if (tables is not null && tables.TryGet(name, out var table) && table.Value is TomlTable raw) Add(new Definition<T>(name, section, raw, file.Name));
            }
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
            problems.Error(location, $"{_kind} '{name}' is not defined{Advice(name)}");
        }
        else if (other is not null)
        {
            problems.Error(location,
                $"{_kind} '{name}' is defined differently in {found.Section.Location} and {other.Section.Location}; rename one of them, or define it in this file");
        }

        return found;
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
            else if (!TomlEquality.AreEqual(first.Table, definition.Table))
            {
                problems.Error(definition.Section.Location,
                    $"{_kind} '{definition.Name}' is defined differently in {first.Section.Location}; give one of them another name");
            }
        }

        return result;
    }

    /// <inheritdoc/>
    public IEnumerator<Definition<T>> GetEnumerator() => _all.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Add(Definition<T> definition)
    {
        _all.Add(definition);
        if (!_byName.TryGetValue(definition.Name, out var list)) _byName[definition.Name] = list = [];
        list.Add(definition);
    }

    private Definition<T>? Find(string name, string from, out Definition<T>? other)
    {
        other = null;
        if (!_byName.TryGetValue(name, out var list)
            && !(name.StartsWith(_prefix, StringComparison.Ordinal) && _byName.TryGetValue(name[_prefix.Length..], out list))) return null;
        foreach (var definition in list)
        {
            if (definition.File == from) return definition;
        }

        other = list.Find(d => !TomlEquality.AreEqual(d.Table, list[0].Table));
        return list[0];
    }
}
