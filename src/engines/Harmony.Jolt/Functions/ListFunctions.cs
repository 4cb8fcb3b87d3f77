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
