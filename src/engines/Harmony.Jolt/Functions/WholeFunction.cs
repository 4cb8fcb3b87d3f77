using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Functions;

/// <summary>A function of one value, arrays included; several values are an array of them.</summary>
internal sealed class WholeFunction(JoltFunction.ValueBody body) : JoltFunction
{
    public override DocValue Apply(ReadOnlySpan<DocValue> arguments, JoltRun run)
    {
        if (arguments.Length > 1) return body(DocValue.Of(new DocArray(arguments.ToArray())), run);
        if (arguments.IsEmpty || arguments[0].IsNullOrMissing || arguments[0].AsArray is { Count: 0 }) return default;
        return body(arguments[0], run);
    }
}
