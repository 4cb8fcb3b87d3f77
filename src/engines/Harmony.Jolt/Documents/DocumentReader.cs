using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Harmony.Jolt.Documents;

/// <summary>Reads the UTF-8 text of a document. The values refer to the text: it must stay as it is while they are used.</summary>
/// <remarks>What is JSON is decided as <see cref="Utf8JsonReader"/> does, which is also asked what is wrong with text that is refused.</remarks>
internal ref struct DocumentReader
{
    private readonly byte[] _text;
    private readonly int _start;
    private readonly int _end;
    private readonly KeyTable _keys;
    private readonly JsonReaderOptions _options;
    private readonly bool _mayRepeat;
    private int _at;
    private int _depth;
    private DocMember[] _open; // members and items of the containers that are not closed yet, innermost last
    private int _openCount;
    private int _openMost;

    private DocumentReader(byte[] text, int length, KeyTable keys, JsonReaderOptions options, bool mayRepeat)
    {
        _text = text;
        _start = _at = text.AsSpan(0, length).StartsWith("\uFEFF"u8) ? 3 : 0;
        _end = length;
        _keys = keys;
        _options = options;
        _mayRepeat = mayRepeat;
        _open = ArrayPool<DocMember>.Shared.Rent(64);
    }

    /// <summary>Reads the first <paramref name="length"/> bytes of <paramref name="text"/>.</summary>
    /// <exception cref="JoltException">An object has two members of one name, and <paramref name="mayRepeat"/> is false.</exception>
    /// <exception cref="JsonException">It is not JSON, or nests deeper than <paramref name="options"/> allow.</exception>
    public static DocValue Read(byte[] text, int length, KeyTable keys, JsonReaderOptions options, bool mayRepeat = true)
    {
        if (!Utf8.IsValid(text.AsSpan(0, length))) throw new JsonException("it is not UTF-8");
        var reader = new DocumentReader(text, length, keys, options, mayRepeat);
        try
        {
            return reader.ReadDocument();
        }
        finally
        {
            reader._open.AsSpan(0, Math.Max(reader._openMost, reader._openCount)).Clear(); // what a document held is not left in the pool
            ArrayPool<DocMember>.Shared.Return(reader._open);
        }
    }

    private DocValue ReadDocument()
    {
        var value = ReadValue();
        Next();
        return _at == _end ? value : throw Wrong();
    }

    private DocValue ReadValue()
    {
        switch (Next())
        {
            case '"': return ReadText();
            case '{': return ReadObject();
            case '[': return ReadArray();
            case 't': return ReadLiteral("true"u8, DocValue.True);
            case 'f': return ReadLiteral("false"u8, DocValue.False);
            case 'n': return ReadLiteral("null"u8, DocValue.Null);
            default: return ReadNumber();
        }
    }

    private DocValue ReadLiteral(ReadOnlySpan<byte> literal, DocValue value)
    {
        if (!_text.AsSpan(_at, _end - _at).StartsWith(literal)) throw Wrong();
        _at += literal.Length;
        return value;
    }

    private DocValue ReadNumber()
    {
        var start = _at;
        if (Peek() == '-') _at++;
        if (Peek() == '0') _at++;
        else SkipDigits();
        if (Peek() == '.')
        {
            _at++;
            SkipDigits();
        }

        if (Peek() is 'e' or 'E')
        {
            _at++;
            if (Peek() is '+' or '-') _at++;
            SkipDigits();
        }

        return DocValue.Slice(DocKind.Number, _text, start, _at - start);
    }

    private void SkipDigits()
    {
        var start = _at;
        while (Peek() is >= '0' and <= '9') _at++;
        if (_at == start) throw Wrong();
    }

    private DocValue ReadText()
    {
        var isPlain = SkipString(out var start, out var length);
        return isPlain ? DocValue.Slice(DocKind.String, _text, start, length) : DocValue.String(ReadEscaped(start, length));
    }

    private string ReadKey()
    {
        if (Next() != '"') throw Wrong();
        return SkipString(out var start, out var length) ? _keys.Resolve(_text.AsSpan(start, length)) : ReadEscaped(start, length);
    }

    /// <summary>Goes behind a string and tells where it is between its quotes, and whether it is free of escapes.</summary>
    private bool SkipString(out int start, out int length)
    {
        var isPlain = true;
        start = ++_at;
        while (true)
        {
            _at += PlainText.CountFirst(_text.AsSpan(_at, _end - _at));
            if (Peek() == '"') break;
            if (Peek() != '\\' || _end - _at < 2) throw Wrong();
            isPlain = false;
            _at += 2;
        }

        length = _at++ - start;
        return isPlain;
    }

    private readonly string ReadEscaped(int start, int length)
    {
        try
        {
            var json = new Utf8JsonReader(_text.AsSpan(start - 1, length + 2));
            json.Read();
            return json.GetString()!;
        }
        catch (JsonException)
        {
            throw Wrong();
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("a string contains half of a surrogate pair", e);
        }
    }

    private DocValue ReadArray()
    {
        var first = Open();
        for (var more = Next() != ']'; more; more = GoesOn(']')) Push(new DocMember("", ReadValue()));
        var held = Close(first);
        var items = new DocValue[held.Length];
        for (var i = 0; i < items.Length; i++) items[i] = held[i].Value;
        return DocValue.Of(new DocArray(items));
    }

    private DocValue ReadObject()
    {
        var first = Open();
        for (var more = Next() != '}'; more; more = GoesOn('}'))
        {
            var key = ReadKey();
            if (Next() != ':') throw Wrong();
            _at++;
            Push(new DocMember(key, ReadValue()));
        }

        return DocValue.Of(UniqueMembers.ToObject(Close(first), _mayRepeat));
    }

    private int Open()
    {
        if (++_depth > _options.MaxDepth) throw Wrong();
        _at++;
        return _openCount;
    }

    /// <summary>Goes behind the comma after a value; false when <paramref name="close"/> stands there, to which it goes.</summary>
    private bool GoesOn(char close)
    {
        var next = Next();
        if (next == close) return false;
        if (next != ',') throw Wrong();
        _at++;
        if (Next() != close) return true;
        return _options.AllowTrailingCommas ? false : throw Wrong();
    }

    private ReadOnlySpan<DocMember> Close(int first)
    {
        _at++;
        _depth--;
        _openMost = Math.Max(_openMost, _openCount);
        var held = _open.AsSpan(first, _openCount - first);
        _openCount = first;
        return held;
    }

    private void Push(DocMember member)
    {
        if (_openCount == _open.Length)
        {
            var larger = ArrayPool<DocMember>.Shared.Rent(_openCount * 2);
            _open.CopyTo(larger, 0);
            ArrayPool<DocMember>.Shared.Return(_open, clearArray: true);
            _open = larger;
        }

        _open[_openCount++] = member;
    }

    /// <summary>The byte where it is, 0 at the end. No JSON has a 0 outside of strings, nor in them.</summary>
    private readonly char Peek() => _at < _end ? (char)_text[_at] : default;

    /// <summary>Goes to what follows white space and comments.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private char Next() => Peek() is var next and (> '/' or '"' or ',') ? next : NextBehindSpace();

    private char NextBehindSpace()
    {
        while (true)
        {
            var next = Peek();
            if (next is ' ' or '\n' or '\r' or '\t') _at++;
            else if (next != '/' || !TrySkipComment()) return next;
        }
    }

    private bool TrySkipComment()
    {
        if (_options.CommentHandling != JsonCommentHandling.Skip) return false;
        var rest = _text.AsSpan(_at, _end - _at);
        if (rest.StartsWith("//"u8))
        {
            var length = rest.IndexOfAny((byte)'\n', (byte)'\r');
            _at = length < 0 ? _end : _at + length;
            return true;
        }

        if (!rest.StartsWith("/*"u8)) return false;
        var end = rest[2..].IndexOf("*/"u8);
        if (end < 0) return false;
        _at += end + 4;
        return true;
    }

    private readonly JsonException Wrong()
    {
        try
        {
            var json = new Utf8JsonReader(_text.AsSpan(_start, _end - _start), _options);
            for (var more = true; more;) more = json.Read();
        }
        catch (JsonException e)
        {
            return e;
        }

        return new JsonException("it is not JSON");
    }
}

/// <summary>What every walk through a document throws that has gone as deep as it may.</summary>
internal static class Depth
{
    public static JoltException Exceeded() => new("the transformed document nests too deep (JoltOptions.MaxDepth)");
}
