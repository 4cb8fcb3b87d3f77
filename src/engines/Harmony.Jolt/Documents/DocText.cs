using System.Buffers;
using System.Text.Json;
using System.Text;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Documents;

/// <summary>Values as text, in the form Java's <c>toString()</c> gives them: <c>{a=1, b=[x, null]}</c>.</summary>
internal static class DocText
{
    /// <summary>The text of <paramref name="value"/>.</summary>
    public static string Of(DocValue value, JoltRun run)
    {
        if (!value.IsContainer) return Scalar(value);
        var text = new StringBuilder();
        Append(text, value, run.Options.MaxDepth, run.Meter);
        return text.ToString();
    }

    /// <summary>The text of a value that is neither array nor object.</summary>
    public static string Scalar(DocValue value) => value.Kind switch
    {
        DocKind.String or DocKind.Number => value.GetText(),
        DocKind.True => "true",
        DocKind.False => "false",
        _ => "null",
    };

    private static void Append(StringBuilder text, DocValue value, int depth, WorkMeter meter)
    {
        meter.Spend();
        if (depth == 0) throw Depth.Exceeded();
        if (value.AsObject is { } obj) AppendObject(text, obj, depth, meter);
        else if (value.AsArray is { } array) AppendArray(text, array, depth, meter);
        else AppendScalar(text, value, meter);
    }

    private static void AppendScalar(StringBuilder text, DocValue value, WorkMeter meter)
    {
        var scalar = Scalar(value);
        meter.Spend(scalar.Length);
        text.Append(scalar);
    }

    private static void AppendObject(StringBuilder text, DocObject obj, int depth, WorkMeter meter)
    {
        var separator = "{";
        foreach (var (key, value) in obj.Members)
        {
            meter.Spend(key.Length);
            text.Append(separator).Append(key).Append('=');
            Append(text, value, depth - 1, meter);
            separator = ", ";
        }

        text.Append(obj.Count == 0 ? "{}" : "}");
    }

    private static void AppendArray(StringBuilder text, DocArray array, int depth, WorkMeter meter)
    {
        var separator = "[";
        foreach (var item in array.Items)
        {
            text.Append(separator);
            Append(text, item, depth - 1, meter);
            separator = ", ";
        }

        text.Append(array.Count == 0 ? "[]" : "]");
    }
}

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
            throw new JoltException($"a document has at most {DocValue.MaxDocumentBytes} bytes; this document has {utf8.Length}");
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
