using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Functions;

/// <summary>A function of several values, or of an array of them.</summary>
/// <param name="body">What it does with them.</param>
/// <param name="single">What it does with one value that is no array; nothing when null.</param>
internal sealed class ListFunction(JoltFunction.ListBody body, JoltFunction.ValueBody? single = null) : JoltFunction
{
    public override DocValue Apply(ReadOnlySpan<DocValue> arguments, JoltRun run)
    {
        if (arguments.Length > 1) return body(arguments, run);
        if (arguments.IsEmpty || arguments[0].IsNullOrMissing) return default;
        if (arguments[0].AsArray is not { } array) return single is null ? default : single(arguments[0], run);
        run.Meter.Spend(array.Count);
        return array.Count == 0 ? default : body(array.Items, run);
    }
}
