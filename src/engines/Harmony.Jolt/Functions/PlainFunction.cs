using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Functions;

/// <summary>A function that takes its arguments as they are.</summary>
internal sealed class PlainFunction(JoltFunction.ListBody body) : JoltFunction
{
    public override DocValue Apply(ReadOnlySpan<DocValue> arguments, JoltRun run) => body(arguments, run);
}
