using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Functions;

/// <summary>Functions of arrays.</summary>
internal static class ListFunctions
{
    public static DocValue First(ReadOnlySpan<DocValue> values, JoltRun run) => values[0];

    public static DocValue Last(ReadOnlySpan<DocValue> values, JoltRun run) => values[^1];

    public static DocValue ElementAt(DocValue index, ReadOnlySpan<DocValue> values, JoltRun run)
        => Arguments.TryInt(index, out var at) && (uint)at < (uint)values.Length ? values[at] : default;

    public static DocValue ToList(ReadOnlySpan<DocValue> values, JoltRun run)
    {
        foreach (var value in values) value.Share();
        return DocValue.Of(new DocArray(values.ToArray()));
    }

    public static DocValue ToListOfOne(DocValue value, JoltRun run) => ToList([value], run);

    /// <summary>Sorts strings, numbers or booleans; a mixture has no order.</summary>
    public static DocValue Sort(ReadOnlySpan<DocValue> values, JoltRun run)
    {
        Comparison<DocValue>? comparison = Kind(values[0]) switch
        {
            DocKind.String => static (a, b) => string.CompareOrdinal(a.GetText(), b.GetText()),
            DocKind.Number => CompareNumbers,
            DocKind.True => static (a, b) => a.Kind.CompareTo(b.Kind),
            _ => null,
        };
        foreach (var value in values)
        {
            if (comparison is null || Kind(value) != Kind(values[0])) return default;
        }

        run.Meter.Spend(values.Length);
        return DocValue.Of(new DocArray([.. values.ToArray().Order(Comparer<DocValue>.Create(comparison!))]));
    }

    public static DocValue SortOne(DocValue value, JoltRun run) => value;

    /// <summary>How many items, members or characters; of several arguments, how many they are.</summary>
    public static DocValue Size(ReadOnlySpan<DocValue> values, JoltRun run)
    {
        if (values.IsEmpty) return default;
        if (values.Length > 1) return DocNumber.Of(values.Length).ToValue();
        if (values[0].AsContainer is { } container) return DocNumber.Of(container.Count).ToValue();
        return values[0].Kind == DocKind.String ? DocNumber.Of(values[0].GetText().Length).ToValue() : default;
    }

    private static DocKind Kind(DocValue value) => value.Kind == DocKind.False ? DocKind.True : value.Kind;

    private static int CompareNumbers(DocValue a, DocValue b)
        => DocNumber.TryRead(a, out var x) && DocNumber.TryRead(b, out var y) ? DocNumber.Compare(x, y) : string.CompareOrdinal(a.GetText(), b.GetText());
}

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

/// <summary>Functions that answer their first argument or nothing, to choose between alternatives.</summary>
internal static class PresenceFunctions
{
    public static DocValue Nothing(ReadOnlySpan<DocValue> values, JoltRun run) => default;

    public static DocValue IsPresent(ReadOnlySpan<DocValue> values, JoltRun run) => values.IsEmpty ? default : values[0];

    public static DocValue NotNull(ReadOnlySpan<DocValue> values, JoltRun run) => values.IsEmpty || values[0].IsNullOrMissing ? default : values[0];

    /// <summary>
    /// <c>ifEquals(value, other, then, else)</c>: the third when the first two are equal, else the fourth. It is none of JOLT, but specs of the field use it.
    /// </summary>
    public static DocValue IfEquals(ReadOnlySpan<DocValue> values, JoltRun run)
    {
        if (values.Length is not (3 or 4)) return default;
        if (new DocEquality(run).Equals(values[0], values[1])) return values[2];
        return values.Length == 4 ? values[3] : default;
    }

    public static DocValue IsNull(ReadOnlySpan<DocValue> values, JoltRun run) => !values.IsEmpty && values[0].IsNullOrMissing ? DocValue.Null : default;
}
