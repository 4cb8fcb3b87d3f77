using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harmony.Benchmarks.Transforms;

/// <summary>What <see cref="TransformScenario"/> is measured against: the same document parsed and written, nothing else.</summary>
internal sealed class ParseAndWriteScenario : IScenario
{
    public string Name => "transform/parse-and-write";

    public ValueTask OperationAsync()
    {
        var node = JsonNode.Parse(Patients.Document)!;
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output)) node.WriteTo(json);
        if (output.WrittenCount < 1000) throw new InvalidOperationException("the document was not written");
        return ValueTask.CompletedTask;
    }
}
