using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Harmony.Core.Envelope;

/// <summary>JSON bytes to nodes and back.</summary>
internal static class JsonText
{
    // Two members of one name mean one thing to a filter and another to the backend, so they are refused.
    private static readonly JsonDocumentOptions Parsing = new() { MaxDepth = Body.MaxJsonDepth, AllowDuplicateProperties = false };

    // Bodies are no HTML: an umlaut stays an umlaut.
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Parses all of the bytes; null for none and for <c>null</c>.</summary>
    /// <exception cref="JsonException">They are not JSON, nest too deeply, or hold text that is not Unicode.</exception>
    public static JsonNode? Parse(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty) return null;
        var text = bytes.Span;
        if (text.StartsWith("\uFEFF"u8)) text = text[3..]; // some senders mark UTF-8 (RFC 8259 §8.1 lets us ignore it)
        if (!Utf8.IsValid(text)) throw new JsonException("it is not UTF-8");
        if (text.IndexOf("\\uD"u8) >= 0 || text.IndexOf("\\ud"u8) >= 0) CheckSurrogates(text);
        try
        {
            return JsonNode.Parse(text, documentOptions: Parsing);
        }
        catch (JsonException e) when (e.LineNumber is null)
        {
            throw new JsonException("an object has two members with the same name", e); // the parser's own words would hold the name
        }
    }

    /// <summary>Where it broke off, or why; nothing of the content.</summary>
    public static string Where(JsonException e) => e.LineNumber is { } line ? $"line {line + 1}, byte {e.BytePositionInLine + 1}" : e.Message;

    /// <summary>Serialises a node, however deep.</summary>
    public static ReadOnlyMemory<byte> Write(JsonNode? node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            if (node is null) writer.WriteNullValue();
            else node.WriteTo(writer);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The parser finds half a pair only when the string is read, which is too late to refuse the body.</summary>
    private static void CheckSurrogates(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = Body.MaxJsonDepth });
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped) continue;
            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException e)
            {
                throw new JsonException("a string contains half of a surrogate pair", e);
            }
        }
    }
}
