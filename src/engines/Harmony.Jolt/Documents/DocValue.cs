using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Harmony.Jolt.Documents;

/// <summary>A JSON value, or <see cref="DocKind.Missing"/> (the default).</summary>
/// <remarks>
/// Strings and numbers of a parsed document stay what they are: a slice of its UTF-8 text. A value that is only moved is never
/// decoded, and a number leaves exactly as it came. Sixteen bytes, no allocation.
/// </remarks>
[DebuggerDisplay("{Kind}: {ToString()}")]
internal readonly struct DocValue
{
    /// <summary>The longest document, in bytes: three bits of the length hold the kind.</summary>
    public const int MaxDocumentBytes = int.MaxValue >> KindBits;

    public static readonly DocValue Null = new(DocKind.Null, null, 0, 0);
    public static readonly DocValue True = new(DocKind.True, null, 0, 0);
    public static readonly DocValue False = new(DocKind.False, null, 0, 0);

    private const int KindBits = 3;
    private const int KindMask = (1 << KindBits) - 1;

    private readonly object? _content; // DocObject, DocArray, string, or the byte[] of a whole document
    private readonly int _start;
    private readonly int _lengthAndKind;

    private DocValue(DocKind kind, object? content, int start, int length)
    {
        _content = content;
        _start = start;
        _lengthAndKind = (length << KindBits) | (int)kind;
    }

    public DocKind Kind => (DocKind)(_lengthAndKind & KindMask);

    public bool IsMissing => Kind == DocKind.Missing;

    /// <summary>Whether it is <c>null</c> or not there: what Java's map lookups cannot tell apart, and JOLT often does not want to.</summary>
    public bool IsNullOrMissing => Kind <= DocKind.Null;

    public bool IsContainer => Kind >= DocKind.Array;

    /// <summary>The array it holds, or null when it is something else.</summary>
    public DocArray? AsArray => _content as DocArray;

    /// <summary>The object it holds, or null when it is something else.</summary>
    public DocObject? AsObject => _content as DocObject;

    /// <summary>The array or object it holds, or null when it is something else.</summary>
    public DocContainer? AsContainer => IsContainer ? Unsafe.As<DocContainer>(_content) : null;

    public static DocValue Of(bool value) => value ? True : False;

    public static DocValue Of(DocArray array) => new(DocKind.Array, array, 0, 0);

    public static DocValue Of(DocObject obj) => new(DocKind.Object, obj, 0, 0);

    public static DocValue String(string text) => new(DocKind.String, text, 0, 0);

    /// <summary>A number from its JSON text.</summary>
    public static DocValue Number(string text) => new(DocKind.Number, text, 0, 0);

    /// <summary>A string without escapes (between its quotes) or a number, as it stands in the text of a document.</summary>
    public static DocValue Slice(DocKind kind, byte[] document, int start, int length) => new(kind, document, start, length);

    /// <summary>The text of a string or number.</summary>
    public string GetText()
        => _content as string ?? Encoding.UTF8.GetString((byte[])_content!, _start, Length);

    /// <summary>The UTF-8 text of a slice, for a string with the quotes around it; false when the value was computed.</summary>
    public bool TryGetRaw(out ReadOnlySpan<byte> json)
    {
        if (_content is not byte[] document)
        {
            json = default;
            return false;
        }

        var quotes = Kind == DocKind.String ? 1 : 0;
        json = document.AsSpan(_start - quotes, Length + 2 * quotes);
        return true;
    }

    /// <summary>Marks the container it holds, if it holds one, as held by more than one place.</summary>
    public DocValue Share()
    {
        if (IsContainer) Unsafe.As<DocContainer>(_content)!.Share();
        return this;
    }

    public override string ToString() => Kind >= DocKind.Number ? _content is DocContainer c ? $"{c.Count} values" : GetText() : "";

    private int Length => _lengthAndKind >> KindBits;
}

/// <summary>What a <see cref="DocValue"/> holds.</summary>
internal enum DocKind
{
    /// <summary>No value at all, which JSON cannot say: a key that is not there, a function that has no answer.</summary>
    Missing,

    /// <summary>The JSON literal <c>null</c>, a value like any other.</summary>
    Null,

    /// <summary>The JSON literal <c>false</c>.</summary>
    False,

    /// <summary>The JSON literal <c>true</c>.</summary>
    True,

    /// <summary>A number, kept as the text it came with.</summary>
    Number,

    /// <summary>A string.</summary>
    String,

    /// <summary>A <see cref="DocArray"/>.</summary>
    Array,

    /// <summary>A <see cref="DocObject"/>.</summary>
    Object,
}

/// <summary>An array or object of a document.</summary>
/// <remarks>
/// A transformation places the same container in several documents and at several places of one. Copying it each time would cost
/// its size; instead it is marked shared and not changed any more: a change works on a copy.
/// </remarks>
internal abstract class DocContainer
{
    /// <summary>Whether more than one place may hold this container, so that it must not be changed.</summary>
    public bool IsShared { get; private set; }

    /// <summary>How many values it holds.</summary>
    public int Count { get; protected set; }

    /// <summary>Marks it as held by more than one place. There is no way back.</summary>
    public void Share()
    {
        if (!IsShared) IsShared = true; // spec literals are shared by all threads: read before write keeps their cache line clean
    }
}

/// <summary>A JSON array.</summary>
internal sealed class DocArray : DocContainer
{
    private DocValue[] _items;

    public DocArray() => _items = [];

    /// <summary>Takes <paramref name="items"/> as its own, without a copy.</summary>
    public DocArray(DocValue[] items)
    {
        _items = items;
        Count = items.Length;
    }

    public ReadOnlySpan<DocValue> Items => _items.AsSpan(0, Count);

    public DocValue this[int index]
    {
        get => _items[index];
        set => _items[index] = value;
    }

    public void Add(DocValue value)
    {
        if (Count == _items.Length) Array.Resize(ref _items, Math.Max(4, Count * 2));
        _items[Count++] = value;
    }

    /// <summary>Adds <c>null</c>s until it holds at least <paramref name="count"/> values.</summary>
    public void PadTo(int count)
    {
        if (count <= Count) return;
        if (count > _items.Length) Array.Resize(ref _items, Math.Max(count, Math.Min(Count * 2, Array.MaxLength)));
        _items.AsSpan(Count, count - Count).Fill(DocValue.Null);
        Count = count;
    }

    /// <summary>Removes every value whose index <paramref name="doomed"/> names; the others keep their order.</summary>
    public void RemoveAll(Predicate<int> doomed)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (!doomed(i)) _items[kept++] = _items[i];
        }

        _items.AsSpan(kept, Count - kept).Clear();
        Count = kept;
    }

    /// <summary>A copy that may be changed. What it holds is now held twice, and so marked.</summary>
    public DocArray Copy()
    {
        foreach (var item in Items) item.Share();
        return new DocArray(Items.ToArray());
    }
}
