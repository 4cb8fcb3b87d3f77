using Harmony.Jolt.Compilation;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Operations;

/// <summary><c>sort</c>: brings the keys of every object into the order of the alphabet, those that begin with <c>~</c> first.</summary>
internal sealed class Sort : IOperation
{
    /// <summary>A sort needs no spec.</summary>
    public static IOperation? Compile(DocValue spec, SpecScope scope)
    {
        if (!spec.IsNullOrMissing) scope.Warn("a sort has no spec; this one is ignored");
        return new Sort();
    }

    public DocValue Apply(DocValue input, JoltRun run) => Sorted(input, run.Options.MaxDepth, run);

    private static DocValue Sorted(DocValue value, int depth, JoltRun run)
    {
        run.Meter.Spend();
        if (!value.IsContainer) return value;
        if (depth == 0) throw Depth.Exceeded();
        if (value.AsArray is { } array)
        {
            var items = array.Items.ToArray(); // their order has a meaning: only what they hold is sorted
            for (var i = 0; i < items.Length; i++) items[i] = Sorted(items[i], depth - 1, run);
            return DocValue.Of(new DocArray(items));
        }

        var members = value.AsObject!.Members.ToArray();
        for (var i = 0; i < members.Length; i++) members[i] = members[i] with { Value = Sorted(members[i].Value, depth - 1, run) };
        Array.Sort(members, static (a, b) => Compare(a.Key, b.Key));
        return DocValue.Of(new DocObject(members));
    }

    private static int Compare(string a, string b)
    {
        var first = b.StartsWith('~').CompareTo(a.StartsWith('~'));
        return first != 0 ? first : string.CompareOrdinal(a, b);
    }
}
