using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Harmony.Core.Envelope;

/// <summary>
/// The field lines of a message in their order, duplicates kept apart (<c>Set-Cookie</c> twice stays twice).
/// Made for the dozen lines of an ordinary message: look-ups walk the list. Not safe for concurrent use.
/// </summary>
public sealed class HeaderFields : IReadOnlyList<HeaderField>
{
    private HeaderField[] _lines;

    /// <summary>Makes an empty collection.</summary>
    /// <param name="capacity">Lines expected.</param>
    public HeaderFields(int capacity = 8) => _lines = capacity == 0 ? [] : new HeaderField[capacity];

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public HeaderField this[int index] => index < Count ? _lines[index] : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>The first value of <paramref name="name"/>, or null.</summary>
    public string? this[string name] => TryGet(name, out var value) ? value : null;

    /// <summary>The lines as a span, for loops on the hot path. Valid until the next change.</summary>
    public ReadOnlySpan<HeaderField> AsSpan() => _lines.AsSpan(0, Count);

    /// <summary>Appends a line, whether or not the name is there already.</summary>
    public void Add(string name, string value)
    {
        if (Count == _lines.Length) Array.Resize(ref _lines, Math.Max(8, Count * 2));
        _lines[Count++] = new HeaderField(name, value);
    }

    /// <summary>Leaves exactly one line of that name, with this value.</summary>
    public void Set(string name, string value)
    {
        var index = IndexOf(name);
        if (index < 0)
        {
            Add(name, value);
            return;
        }

        _lines[index] = new HeaderField(name, value);
        RemoveFrom(index + 1, name);
    }

    /// <summary>Removes every line of that name.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(string name) => RemoveFrom(0, name);

    /// <summary>Whether a line of that name is there.</summary>
    public bool Contains(string name) => IndexOf(name) >= 0;

    /// <summary>The first value of <paramref name="name"/>.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        var index = IndexOf(name);
        value = index < 0 ? null : _lines[index].Value;
        return index >= 0;
    }

    /// <summary>All values of <paramref name="name"/>, in order.</summary>
    public IEnumerable<string> GetAll(string name)
    {
        for (var i = 0; i < Count; i++)
        {
            if (Is(_lines[i].Name, name)) yield return _lines[i].Value;
        }
    }

    /// <summary>All values of <paramref name="name"/> joined by a comma (RFC 9110 §5.3), or null when there is none. Not for <c>Set-Cookie</c>.</summary>
    public string? Combined(string name)
    {
        var first = IndexOf(name);
        if (first < 0) return null;
        for (var i = first + 1; i < Count; i++)
        {
            if (Is(_lines[i].Name, name)) return string.Join(", ", GetAll(name));
        }

        return _lines[first].Value;
    }

    /// <inheritdoc/>
    public IEnumerator<HeaderField> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return _lines[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool Is(string left, string right)
        => ReferenceEquals(left, right) || (left.Length == right.Length && string.Equals(left, right, StringComparison.OrdinalIgnoreCase));

    private int IndexOf(string name)
    {
        for (var i = 0; i < Count; i++)
        {
            if (Is(_lines[i].Name, name)) return i;
        }

        return -1;
    }

    private bool RemoveFrom(int start, string name)
    {
        var kept = start;
        for (var i = start; i < Count; i++)
        {
            if (!Is(_lines[i].Name, name)) _lines[kept++] = _lines[i];
        }

        var removed = kept < Count;
        Array.Clear(_lines, kept, Count - kept);
        Count = kept;
        return removed;
    }
}
