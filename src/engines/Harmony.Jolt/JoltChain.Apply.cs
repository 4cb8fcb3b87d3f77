using System.Buffers;
using System.Text.Json.Nodes;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt;

public sealed partial class JoltChain
{
    /// <summary>Transforms a document from UTF-8 text to UTF-8 text: the cheapest form.</summary>
    /// <param name="utf8Input">The document. Numbers keep their text.</param>
    /// <param name="output">Gets the transformed document; a part of it if the method throws.</param>
    /// <param name="utf8Context">What <c>^</c> in a modify refers to; empty for none.</param>
    /// <param name="trace">Sees the document after each operation.</param>
    /// <exception cref="JoltException">The document is not JSON, or the work exceeds the limits.</exception>
    public void Apply(ReadOnlySpan<byte> utf8Input, IBufferWriter<byte> output, ReadOnlySpan<byte> utf8Context = default, IJoltTrace? trace = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var input = SourceText.Of(utf8Input);
        using var context = utf8Context.IsEmpty ? default : SourceText.Of(utf8Context);
        var run = new JoltRun(_options, WorkMeter.For(_options, utf8Input.Length + utf8Context.Length), context.Read(_keys, _options, "context"));
        var result = Run(input.Read(_keys, _options, "document"), run, trace);
        DocumentText.Write(output, result, run);
    }

    /// <summary>Transforms a document.</summary>
    /// <param name="input">The document, which stays as it is.</param>
    /// <param name="context">What <c>^</c> in a modify refers to.</param>
    /// <param name="trace">Sees the document after each operation.</param>
    /// <returns>The transformed document, which shares nothing with the input.</returns>
    /// <exception cref="JoltException">The document nests too deep, or the work exceeds the limits.</exception>
    public JsonNode? Apply(JsonNode? input, JsonNode? context = null, IJoltTrace? trace = null)
    {
        var output = new ArrayBufferWriter<byte>();
        Apply(DocumentText.Of(input, _options.MaxDepth), output, context is null ? default : DocumentText.Of(context, _options.MaxDepth), trace);
        return DocumentText.Parse(output.WrittenSpan, _options);
    }

    private DocValue Run(DocValue document, JoltRun run, IJoltTrace? trace)
    {
        for (var i = 0; i < _steps.Length; i++)
        {
            document = _steps[i].Operation.Apply(document, run);
            trace?.AfterOperation(i, _steps[i].Name, DocumentText.ToNode(document, run));
        }

        return document;
    }
}
