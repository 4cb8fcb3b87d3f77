using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Documents;

/// <summary>Copies values with all they hold.</summary>
internal static class DocCopy
{
    /// <summary>A copy of <paramref name="value"/> that shares no container with it.</summary>
    public static DocValue Deep(DocValue value, int maxDepth, WorkMeter meter)
    {
        meter.Spend();
        if (!value.IsContainer) return value;
        if (maxDepth == 0) throw Depth.Exceeded();
        if (value.AsArray is { } array)
        {
            var items = new DocValue[array.Count];
            for (var i = 0; i < items.Length; i++) items[i] = Deep(array[i], maxDepth - 1, meter);
            return DocValue.Of(new DocArray(items));
        }

        var members = value.AsObject!.Members.ToArray();
        for (var i = 0; i < members.Length; i++) members[i] = members[i] with { Value = Deep(members[i].Value, maxDepth - 1, meter) };
        return DocValue.Of(new DocObject(members));
    }
}
