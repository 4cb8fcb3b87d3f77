using Harmony.Jolt.Compilation;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Functions;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Operations;

/// <summary>Compiles the spec of a default. Its keys know no escapes: <c>*</c>, <c>|</c> and a <c>[]</c> at the end are all there is.</summary>
internal static class DefaultCompiler
{
    private const string ArrayMark = "[]";

    /// <summary>Whether a key may stand for items of an array.</summary>
    public static bool IsIndexKey(string key)
    {
        var names = NamesOf(WithoutMark(key));
        return names.All(n => IndexText.TryParse(n, out _));
    }

    /// <summary>Compiles the keys of one object.</summary>
    public static DefaultBranch Compile(DocObject spec, bool ofArray, SpecScope scope)
    {
        var entries = new List<(int Order, string Key, DefaultEntry Entry)>();
        foreach (var (key, value) in spec.Members)
        {
            var at = scope.At(key);
            var plain = WithoutMark(key);
            Check(key, plain, ofArray, at);
            var names = NamesOf(plain);
            foreach (var name in names) scope.Keys.Add(name);
            entries.Add((OrderOf(names), plain, CompileEntry(names, key, value, at)));
        }

        // Literal keys first, then alternatives, the fewest first, then the star.
        var ordered = entries.OrderBy(e => e.Order).ThenBy(e => e.Order == 1 ? "" : e.Key, StringComparer.Ordinal);
        return new DefaultBranch([.. ordered.Select(e => e.Entry)], ofArray);
    }

    private static DefaultEntry CompileEntry(IReadOnlyList<string> names, string key, DocValue value, SpecScope scope)
    {
        var below = value.AsObject is { } obj ? Compile(obj, key.EndsWith(ArrayMark, StringComparison.Ordinal), scope) : null;
        return new DefaultEntry(names, below, new ValueTemplate(below is null ? value : default));
    }

    private static void Check(string key, string plain, bool ofArray, SpecScope scope)
    {
        if (plain.Contains('*') && plain != "*") scope.Error($"'{key}' mixes '*' with other characters; default knows '*' alone, keys, and keys joined by '|'");
        else if (ofArray && !IsIndexKey(key)) scope.Error($"'{key}' is not an index, and the keys below a key that ends in '[]' are the indexes of its array");
        else if (ofArray && NamesOf(plain).Any(n => IndexText.TryParse(n, out var index) && index >= scope.Options.MaxArrayLength))
            scope.Error($"'{key}' is beyond the length an array may be extended to ({scope.Options.MaxArrayLength})");
    }

    private static int OrderOf(IReadOnlyList<string> names) => names.Count == 0 ? int.MaxValue : names.Count;

    private static string WithoutMark(string key)
        => key.EndsWith(ArrayMark, StringComparison.Ordinal) ? key.Replace(ArrayMark, "", StringComparison.Ordinal) : key;

    private static string[] NamesOf(string plain) => plain == "*" ? [] : plain.Split('|');
}
