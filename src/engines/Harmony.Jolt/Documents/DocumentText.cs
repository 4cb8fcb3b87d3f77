using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Documents;

/// <summary>Goes between documents, JSON text and the tree types of <c>System.Text.Json</c>.</summary>
internal static class DocumentText
{
    /// <summary>The text of a tree.</summary>
    /// <exception cref="JoltException">It nests deeper than <paramref name="maxDepth"/>.</exception>
    public static ReadOnlySpan<byte> Of(JsonNode? node, int maxDepth)
    {
        if (node is null) return "null"u8;
        var text = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(text, Options(maxDepth));
        try
        {
            node.WriteTo(json);
        }
        catch (InvalidOperationException e)
        {
            throw new JoltException($"the document cannot be written as JSON that nests no deeper than {maxDepth}", e);
        }

        json.Flush();
        return text.WrittenSpan;
    }

    /// <summary>The text of an element.</summary>
    public static ReadOnlySpan<byte> Of(JsonElement element)
    {
        var text = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(text, Options(int.MaxValue));
        element.WriteTo(json);
        json.Flush();
        return text.WrittenSpan;
    }

    /// <summary>Writes a document as text.</summary>
    public static void Write(IBufferWriter<byte> output, DocValue document, JoltRun run)
        => DocumentWriter.Write(output, document, run.Options.MaxDepth, run.Meter);

    /// <summary>A document as a tree of its own.</summary>
    public static JsonNode? ToNode(DocValue document, JoltRun run)
    {
        var text = new ArrayBufferWriter<byte>();
        Write(text, document, run);
        return Parse(text.WrittenSpan, run.Options);
    }

    /// <summary>Text that this class wrote, as a tree.</summary>
    public static JsonNode? Parse(ReadOnlySpan<byte> text, JoltOptions options)
        => JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = options.MaxDepth });

    private static JsonWriterOptions Options(int maxDepth)
        => new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = maxDepth, SkipValidation = true };
}
