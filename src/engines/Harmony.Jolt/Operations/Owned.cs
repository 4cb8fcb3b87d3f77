using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Operations;

/// <summary>Gives operations that change a document in its place containers they may change.</summary>
internal static class Owned
{
    /// <summary><paramref name="value"/>, or a copy of it when it is a container held by more than one place.</summary>
    public static DocValue Of(DocValue value, JoltRun run)
    {
        if (value.AsContainer is not { IsShared: true } shared) return value;
        run.Meter.Spend(shared.Count);
        return value.AsArray is { } array ? DocValue.Of(array.Copy()) : DocValue.Of(value.AsObject!.Copy());
    }

    /// <summary>The value of the member at <paramref name="index"/>, put back as a copy when it was shared.</summary>
    public static DocValue Member(DocObject parent, int index, JoltRun run)
    {
        var value = parent.Members[index].Value;
        if (value.AsContainer is not { IsShared: true }) return value;
        var own = Of(value, run);
        parent.SetAt(index, own);
        return own;
    }

    /// <summary>The item at <paramref name="index"/>, put back as a copy when it was shared.</summary>
    public static DocValue Item(DocArray parent, int index, JoltRun run)
    {
        if (parent[index].AsContainer is { IsShared: true }) parent[index] = Of(parent[index], run);
        return parent[index];
    }
}
