using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

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

/// <summary>What made a table, which decides who may still add to it.</summary>
internal enum TomlTableOrigin
{
    /// <summary>Named on the way to another table: <c>a</c> in <c>[a.b]</c>. Its own header may follow, or dotted keys, but not both.</summary>
    Implied,

    /// <summary>Has its header. Closed to dotted keys from elsewhere and to a second header.</summary>
    Header,

    /// <summary>Made by a dotted key: <c>a</c> in <c>a.b = 1</c>. Open to dotted keys of the same section, closed to a header.</summary>
    DottedKey,

    /// <summary>Written as <c>{ … }</c>. Complete.</summary>
    Inline,
}

/// <summary>An array, written as a value or as an array of tables.</summary>
public sealed class TomlArray : TomlValue, IReadOnlyList<TomlValue>
{
    private readonly List<TomlValue> _items;

    /// <summary>An array of <paramref name="items"/>.</summary>
    public TomlArray(IEnumerable<TomlValue> items, SourceLocation location)
        : base(location) => _items = [.. items];

    /// <inheritdoc/>
    public override string KindName => "an array";

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <summary>Whether <c>[[headers]]</c> made it, so that more of them may add to it.</summary>
    internal bool IsOfTables { get; init; }

    /// <inheritdoc/>
    public TomlValue this[int index] => _items[index];

    /// <inheritdoc/>
    public IEnumerator<TomlValue> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(TomlTable table) => _items.Add(table);
}

/// <summary>One key of a table and what it holds.</summary>
/// <param name="Key">The key, unquoted: one part of a dotted key.</param>
/// <param name="KeyLocation">Where the key stands; for an implied table, where it is first named.</param>
/// <param name="Value">What the key holds.</param>
public sealed record TomlEntry(string Key, SourceLocation KeyLocation, TomlValue Value);

/// <summary>A place that a <see cref="TomlCursor"/> can return to.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TomlMark(int Position, int Line, int Column);

/// <summary>One part of a dotted key, unquoted. An ordinary key has one part.</summary>
internal sealed record TomlKeyPart(string Text, SourceLocation Location);

/// <summary>The table that lines belong to until the next header.</summary>
/// <param name="Table">The table.</param>
/// <param name="Path">Its name from the root on, as written in messages; empty for the root.</param>
/// <param name="Depth">How many arrays and tables lie between it and the root, itself included.</param>
internal sealed record TomlSection(TomlTable Table, string Path, int Depth);
