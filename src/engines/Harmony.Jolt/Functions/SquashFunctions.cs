using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Functions;

/// <summary>Functions that leave values out.</summary>
internal static class SquashFunctions
{
    /// <summary>An array or object without its <c>null</c>s; anything else as it is.</summary>
    public static DocValue Nulls(DocValue value, JoltRun run)
    {
        run.Meter.Spend(value.AsContainer?.Count ?? 0);
        if (value.AsArray is { } array) return DocValue.Of(Without(array));
        return value.AsObject is { } obj ? DocValue.Of(Without(obj)) : value;
    }

    /// <summary>The same for all that it holds.</summary>
    public static DocValue NullsDeep(DocValue value, JoltRun run) => NullsDeep(value, run.Options.MaxDepth, run);

    /// <summary>An array with one of each value, the first.</summary>
    public static DocValue Duplicates(DocValue value, JoltRun run)
    {
        if (value.AsArray is not { } array) return value;
        var seen = new HashSet<DocValue>(new DocEquality(run));
        foreach (var item in array.Items) seen.Add(item.Share());
        return DocValue.Of(new DocArray([.. seen])); // a set nothing is removed from keeps its order
    }

    private static DocArray Without(DocArray array)
    {
        var result = array.Copy();
        result.RemoveAll(i => array[i].IsNullOrMissing);
        return result;
    }

    private static DocObject Without(DocObject obj)
    {
        var result = obj.Copy();
        result.RemoveAll(m => m.Value.IsNullOrMissing);
        return result;
    }

    private static DocValue NullsDeep(DocValue value, int depth, JoltRun run)
    {
        if (!value.IsContainer) return value;
        if (depth == 0) throw Depth.Exceeded();
        var result = Nulls(value, run);
        if (result.AsArray is { } array)
        {
            for (var i = 0; i < array.Count; i++) array[i] = NullsDeep(array[i], depth - 1, run);
        }
        else if (result.AsObject is { } obj)
        {
            for (var i = 0; i < obj.Count; i++) obj.SetAt(i, NullsDeep(obj.Members[i].Value, depth - 1, run));
        }

        return result;
    }
}
