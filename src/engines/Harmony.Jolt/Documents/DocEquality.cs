using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Documents;

/// <summary>Compares values with all they hold. Objects are equal whatever the order of their keys; <c>1</c> and <c>1.0</c> are not equal.</summary>
internal sealed class DocEquality(JoltRun run) : IEqualityComparer<DocValue>
{
    public bool Equals(DocValue x, DocValue y) => Equals(x, y, run.Options.MaxDepth);

    public int GetHashCode(DocValue obj) => Hash(obj, run.Options.MaxDepth);

    private bool Equals(DocValue x, DocValue y, int depth)
    {
        run.Meter.Spend();
        if (x.Kind != y.Kind) return false;
        if (!x.IsContainer) return x.Kind < DocKind.Number || TextsEqual(x, y);
        if (depth == 0) throw Depth.Exceeded();
        return x.AsArray is { } array ? ArraysEqual(array, y.AsArray!, depth) : ObjectsEqual(x.AsObject!, y.AsObject!, depth);
    }

    private static bool TextsEqual(DocValue x, DocValue y) => string.Equals(TextKey(x), TextKey(y));

    // 1.50 and 1.5 are the same number, written twice.
    private static string TextKey(DocValue value)
        => value.Kind == DocKind.Number && DocNumber.TryRead(value, out var number) ? number.ToValue().GetText() : value.GetText();

    private bool ArraysEqual(DocArray x, DocArray y, int depth)
    {
        if (x.Count != y.Count) return false;
        for (var i = 0; i < x.Count; i++)
        {
            if (!Equals(x[i], y[i], depth - 1)) return false;
        }

        return true;
    }

    private bool ObjectsEqual(DocObject x, DocObject y, int depth)
    {
        if (x.Count != y.Count) return false;
        foreach (var (key, value) in x.Members)
        {
            var i = y.IndexOf(key);
            if (i < 0 || !Equals(value, y.Members[i].Value, depth - 1)) return false;
        }

        return true;
    }

    private int Hash(DocValue value, int depth)
    {
        run.Meter.Spend();
        if (!value.IsContainer) return value.Kind < DocKind.Number ? (int)value.Kind : TextKey(value).GetHashCode(StringComparison.Ordinal);
        if (depth == 0) throw Depth.Exceeded();
        var hash = value.AsContainer!.Count;
        if (value.AsArray is { } array)
        {
            foreach (var item in array.Items) hash = HashCode.Combine(hash, Hash(item, depth - 1));
            return hash;
        }

        // A sum, which does not care for order.
        foreach (var (key, member) in value.AsObject!.Members) hash += HashCode.Combine(key, Hash(member, depth - 1));
        return hash;
    }
}

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
