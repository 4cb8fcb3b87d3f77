using System.Collections;

namespace Harmony.Core.Configuration.Toml;

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
