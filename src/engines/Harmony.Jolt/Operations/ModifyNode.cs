using Harmony.Jolt.Execution;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Operations;

/// <summary>A key of a modify spec and what hangs on it.</summary>
internal abstract class ModifyNode(ModifyKey key)
{
    public ModifyKey Key => key;

    /// <summary>Does its work at <paramref name="slot"/>, when its key matches. The walk stands at the container.</summary>
    /// <returns>Whether it matched, so that no other pattern gets to see this slot.</returns>
    public bool Apply(in Slot slot, JoltRun run)
    {
        run.Meter.Spend();
        if (key.Pattern is ComputedKey computed && !computed.IsMatch(slot.Key, run.Walk)) return false;
        if (!key.MustExist || !slot.Value.IsMissing) ApplyTo(slot, run);
        return true;
    }

    protected abstract void ApplyTo(in Slot slot, JoltRun run);

    /// <summary>The glob the key matched with, for the walk.</summary>
    protected Glob? Glob => (key.Pattern as ComputedKey)?.Glob;
}
