using System.Buffers;
using System.Text;
using Harmony.Jolt;

namespace Harmony.Benchmarks.Transforms;

/// <summary>The same kilobyte, as the member <c>data</c> of the input, and spec through the engine alone, text to text.</summary>
internal sealed class JoltScenario : IScenario
{
    private static readonly byte[] Input = [.. "{\"data\":"u8, .. Patients.Document, .. "}"u8];

    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private JoltChain? _chain;

    public string Name => "transform/engine";

    public ValueTask SetupAsync()
    {
        _chain = JoltChain.Compile(Encoding.UTF8.GetBytes(Patients.Spec), "spec.json");
        return ValueTask.CompletedTask;
    }

    public ValueTask OperationAsync()
    {
        _output.ResetWrittenCount();
        _chain!.Apply(Input, _output);
        if (_output.WrittenCount < 1000) throw new InvalidOperationException("the document was not transformed");
        return ValueTask.CompletedTask;
    }
}
