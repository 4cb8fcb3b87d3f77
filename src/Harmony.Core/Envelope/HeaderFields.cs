using System.Buffers;
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

/// <summary>A header line: a name and a value. The same name may occur on several lines (RFC 9110 §5.2).</summary>
/// <param name="Name">As it was sent; names compare without regard to case.</param>
/// <param name="Value">Without surrounding white space; may be empty.</param>
public readonly record struct HeaderField(string Name, string Value)
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Whether <paramref name="text"/> can be the name of a field: a token (RFC 9110 §5.6.2).</summary>
    public static bool IsName(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenCharacters);
}

/// <summary>
/// Names of fields as those servers read them that hand them on as variables (RFC 3875 §4.1.18): to them <c>X_Real_IP</c> is
/// <c>X-Real-IP</c>, so that a client could say by the one what it may not say by the other.
/// </summary>
public static class FieldSpelling
{
    /// <summary>Whether some server reads both names as one.</summary>
    public static bool AreAlike(string left, string right)
    {
        if (left.Length != right.Length) return false;
        for (var i = 0; i < left.Length; i++)
        {
            if (Read(left[i]) != Read(right[i])) return false;
        }

        return true;
    }

    /// <summary>Removes every line that some server would read as one of <paramref name="name"/>.</summary>
    public static void RemoveAlike(HeaderFields fields, string name)
    {
        for (var i = fields.Count - 1; i >= 0; i--)
        {
            if (!AreAlike(fields[i].Name, name)) continue;
            fields.Remove(fields[i].Name);
            i = Math.Min(i, fields.Count); // it may have had several lines
        }
    }

    private static char Read(char c) => c == '_' ? '-' : char.ToLowerInvariant(c);
}

/// <summary>The field by which the trusted proxies of a network tell who a request is from.</summary>
public enum ForwardingField
{
    /// <summary><c>X-Forwarded-For</c>, with <c>X-Forwarded-Proto</c> and <c>X-Forwarded-Host</c>.</summary>
    XForwardedFor,

    /// <summary><c>Forwarded</c> (RFC 7239).</summary>
    Forwarded,
}
