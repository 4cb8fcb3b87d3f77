using System.Buffers;
using System.Text.Json;

namespace Harmony.Jolt.Documents;

/// <summary>The text of a document in a rented buffer, which the values read from it refer to until it is disposed.</summary>
internal readonly ref struct SourceText
{
    private readonly byte[]? _buffer;
    private readonly int _length;

    private SourceText(byte[]? buffer, int length)
    {
        _buffer = buffer;
        _length = length;
    }

    /// <summary>A copy of <paramref name="utf8"/>.</summary>
    public static SourceText Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > DocValue.MaxDocumentBytes)
            throw new JoltException($"a document may have {DocValue.MaxDocumentBytes} bytes; this one has {utf8.Length}");
        var buffer = ArrayPool<byte>.Shared.Rent(utf8.Length);
        utf8.CopyTo(buffer);
        return new SourceText(buffer, utf8.Length);
    }

    /// <summary>Reads it; missing when there is no text at all.</summary>
    /// <exception cref="JoltException">It is not JSON. The message tells where, not what: it may be patient data.</exception>
    public DocValue Read(KeyTable keys, JoltOptions options, string name)
    {
        if (_buffer is null) return default;
        try
        {
            return DocumentReader.Read(_buffer, _length, keys, new JsonReaderOptions { MaxDepth = options.MaxDepth }, options.AllowDuplicateMembers);
        }
        catch (JsonException e)
        {
            var place = $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
            throw new JoltException($"the {name} is not JSON or nests deeper than {options.MaxDepth} ({place})", e);
        }
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (_buffer is not null) ArrayPool<byte>.Shared.Return(_buffer);
    }
}
