using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Operations;

/// <summary>Makes room in arrays, within the limits.</summary>
internal static class Arrays
{
    /// <summary>Adds <c>null</c>s until <paramref name="array"/> holds at least <paramref name="count"/> values.</summary>
    /// <exception cref="JoltException">That is more than an array may be extended to.</exception>
    public static void Extend(DocArray array, long count, JoltRun run)
    {
        if (count <= array.Count) return;
        if (count > run.Options.MaxArrayLength)
            throw new JoltException($"an array would be extended to {count} values; the limit is {run.Options.MaxArrayLength} (JoltOptions.MaxArrayLength)");
        run.Meter.Spend((int)count - array.Count);
        array.PadTo((int)count);
    }
}
