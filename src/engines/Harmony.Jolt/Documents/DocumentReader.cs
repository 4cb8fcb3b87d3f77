using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Harmony.Jolt.Documents;

/// <summary>Reads the UTF-8 text of a document. The values refer to the text: it must stay as it is while they are used.</summary>
internal ref struct DocumentReader
{
    private readonly byte[] _text;
    private readonly KeyTable _keys;
    private Utf8JsonReader _json;
    private DocMember[] _open; // members and items of the containers that are not closed yet, innermost last
    private int _openCount;

    private DocumentReader(byte[] text, int length, KeyTable keys, JsonReaderOptions options, bool mayRepeat)
    {
        var start = text.AsSpan(0, length).StartsWith("\uFEFF"u8) ? 3 : 0;
        _text = text;
        _keys = keys;
        _json = new Utf8JsonReader(text.AsSpan(start, length - start), options);
        _mayRepeat = mayRepeat;
        _open = ArrayPool<DocMember>.Shared.Rent(64);
        _offset = start;
    }

    private readonly int _offset;
    private readonly bool _mayRepeat;

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
            ArrayPool<DocMember>.Shared.Return(reader._open, clearArray: true);
        }
    }

    private DocValue ReadDocument()
    {
        _json.Read();
        var value = ReadValue();
        _json.Read(); // throws when something follows
        return value;
    }

    private DocValue ReadValue() => _json.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(),
        JsonTokenType.StartArray => ReadArray(),
        JsonTokenType.String when _json.ValueIsEscaped => DocValue.String(ReadEscaped()),
        JsonTokenType.String => Slice(DocKind.String, 1),
        JsonTokenType.Number => Slice(DocKind.Number, 0),
        JsonTokenType.True => DocValue.True,
        JsonTokenType.False => DocValue.False,
        _ => DocValue.Null,
    };

    private readonly DocValue Slice(DocKind kind, int quote)
        => DocValue.Slice(kind, _text, _offset + (int)_json.TokenStartIndex + quote, _json.ValueSpan.Length);

    private DocValue ReadArray()
    {
        var first = _openCount;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray) Push(new DocMember("", ReadValue()));
        var items = new DocValue[_openCount - first];
        for (var i = 0; i < items.Length; i++) items[i] = _open[first + i].Value;
        _openCount = first;
        return DocValue.Of(new DocArray(items));
    }

    private DocValue ReadObject()
    {
        var first = _openCount;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndObject)
        {
            var key = _json.ValueIsEscaped ? ReadEscaped() : _keys.Resolve(_json.ValueSpan);
            _json.Read();
            Push(new DocMember(key, ReadValue()));
        }

        var members = _open.AsSpan(first, _openCount - first);
        _openCount = first;
        return DocValue.Of(UniqueMembers.ToObject(members, _mayRepeat));
    }

    private readonly string ReadEscaped()
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("a string escapes one half of a surrogate pair", e);
        }
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
}

/// <summary>What every walk through a document throws that has gone as deep as it may.</summary>
internal static class Depth
{
    public static JoltException Exceeded() => new("the transformed document nests too deep (JoltOptions.MaxDepth)");
}
