using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Functions;

/// <summary>A function whose first argument says what to do with the others, or with the items of the one array that follows.</summary>
/// <param name="accepts">Whether a value can be the first argument.</param>
/// <param name="body">What it does.</param>
/// <param name="single">What it does with one value that is no array; nothing when null.</param>
internal sealed class LedFunction(Predicate<DocValue> accepts, JoltFunction.LedBody body, JoltFunction.LedBody? single = null) : JoltFunction
{
    public override DocValue Apply(ReadOnlySpan<DocValue> arguments, JoltRun run)
    {
        var values = arguments is [{ AsArray: { } all }] ? all.Items : arguments;
        if (values.Length < 2 || !accepts(values[0])) return default;
        run.Meter.Spend(values.Length);
        if (values.Length > 2) return body(values[0], values[1..], run);
        if (values[1].AsArray is not { } array) return single is null ? default : single(values[0], values[1..], run);
        run.Meter.Spend(array.Count);
        return body(values[0], array.Items, run);
    }
}
