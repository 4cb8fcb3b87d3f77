using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Harmony.Core.Configuration.Toml;

/// <summary>A table. Keeps its entries in the order in which they are written.</summary>
public sealed class TomlTable : TomlValue, IReadOnlyCollection<TomlEntry>
{
    private readonly List<TomlEntry> _entries = [];
    private readonly Dictionary<string, int> _positions = new(StringComparer.Ordinal);

    /// <summary>A table of <paramref name="entries"/>.</summary>
    /// <exception cref="ArgumentException">Two entries have the same key.</exception>
    public TomlTable(IEnumerable<TomlEntry> entries, SourceLocation location)
        : this(location, TomlTableOrigin.Inline)
    {
        ArgumentNullException.ThrowIfNull(entries);
        foreach (var entry in entries) Add(entry);
    }

    internal TomlTable(SourceLocation location, TomlTableOrigin origin)
        : base(location) => Origin = origin;

    /// <inheritdoc/>
    public override string KindName => "a table";

    /// <inheritdoc/>
    public int Count => _entries.Count;

    internal TomlTableOrigin Origin { get; private set; }

    /// <summary>Finds the entry of <paramref name="key"/>.</summary>
    public bool TryGet(string key, [MaybeNullWhen(false)] out TomlEntry entry)
    {
        var found = _positions.TryGetValue(key, out var position);
        entry = found ? _entries[position] : null;
        return found;
    }

    /// <inheritdoc/>
    public IEnumerator<TomlEntry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(TomlEntry entry)
    {
        _positions.Add(entry.Key, _entries.Count);
        _entries.Add(entry);
    }

    /// <summary>Makes an implied table one of dotted keys, which closes it to a header.</summary>
    internal void TakeDottedKeys() => Origin = TomlTableOrigin.DottedKey;

    /// <summary>Gives the implied table <paramref name="child"/> of this table the header that was found for it.</summary>
    internal void GiveHeader(TomlTable child, TomlKeyPart key, SourceLocation header)
    {
        child.Origin = TomlTableOrigin.Header;
        child.Location = header;
        _entries[_positions[key.Text]] = new TomlEntry(key.Text, key.Location, child);
    }
}
