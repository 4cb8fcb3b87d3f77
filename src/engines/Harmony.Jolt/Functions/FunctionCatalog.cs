using System.Collections.Frozen;
using Harmony.Jolt.Compilation;

namespace Harmony.Jolt.Functions;

/// <summary>The functions of the modify operations by name.</summary>
internal static class FunctionCatalog
{
    private const string Split = "split";

    private static readonly FrozenDictionary<string, JoltFunction> Functions = new Dictionary<string, JoltFunction>
    {
        ["toLower"] = new EachFunction(TextFunctions.ToLower),
        ["toUpper"] = new EachFunction(TextFunctions.ToUpper),
        ["trim"] = new EachFunction(TextFunctions.Trim),
        ["concat"] = new ListFunction(TextFunctions.Concat),
        ["join"] = new LedFunction(Arguments.IsString, TextFunctions.Join),
        [Split] = SplitFunction.For([]),
        ["substring"] = new ListFunction(TextFunctions.Substring),
        ["leftPad"] = new LedFunction(Arguments.IsString, TextFunctions.LeftPad),
        ["rightPad"] = new LedFunction(Arguments.IsString, TextFunctions.RightPad),

        ["min"] = new ListFunction(MathFunctions.Min, MathFunctions.Itself),
        ["max"] = new ListFunction(MathFunctions.Max, MathFunctions.Itself),
        ["abs"] = new EachFunction(MathFunctions.Abs),
        ["avg"] = new ListFunction(MathFunctions.Average),
        ["intSum"] = new ListFunction(MathFunctions.IntSum),
        ["longSum"] = new ListFunction(MathFunctions.LongSum),
        ["doubleSum"] = new ListFunction(MathFunctions.DoubleSum),
        ["intSubtract"] = new ListFunction(MathFunctions.IntSubtract),
        ["longSubtract"] = new ListFunction(MathFunctions.LongSubtract),
        ["doubleSubtract"] = new ListFunction(MathFunctions.DoubleSubtract),
        ["divide"] = new ListFunction(MathFunctions.Divide),
        ["divideAndRound"] = new LedFunction(Arguments.IsInt, MathFunctions.DivideAndRound),

        ["toInteger"] = new EachFunction(ConversionFunctions.ToInteger),
        ["toLong"] = new EachFunction(ConversionFunctions.ToLong),
        ["toDouble"] = new EachFunction(ConversionFunctions.ToDouble),
        ["toBoolean"] = new EachFunction(ConversionFunctions.ToBoolean),
        ["toString"] = new EachFunction(ConversionFunctions.ToText),

        ["size"] = new PlainFunction(ListFunctions.Size),
        ["toList"] = new ListFunction(ListFunctions.ToList, ListFunctions.ToListOfOne),
        ["firstElement"] = new ListFunction(ListFunctions.First),
        ["lastElement"] = new ListFunction(ListFunctions.Last),
        ["elementAt"] = new LedFunction(Arguments.IsInt, ListFunctions.ElementAt),
        ["sort"] = new ListFunction(ListFunctions.Sort, ListFunctions.SortOne),

        ["squashNulls"] = new WholeFunction(SquashFunctions.Nulls),
        ["recursivelySquashNulls"] = new WholeFunction(SquashFunctions.NullsDeep),
        ["squashDuplicates"] = new WholeFunction(SquashFunctions.Duplicates),

        ["isPresent"] = new PlainFunction(PresenceFunctions.IsPresent),
        ["notNull"] = new PlainFunction(PresenceFunctions.NotNull),
        ["isNull"] = new PlainFunction(PresenceFunctions.IsNull),
        ["ifEquals"] = new PlainFunction(PresenceFunctions.IfEquals),
        ["noop"] = new PlainFunction(PresenceFunctions.Nothing),
    }.ToFrozenDictionary();

    /// <summary>How many arguments a call needs, where not any number will do.</summary>
    private static readonly FrozenDictionary<string, (int Least, int Most, string Form)> Counts = new Dictionary<string, (int, int, string)>
    {
        ["join"] = (2, int.MaxValue, "separator, values"),
        [Split] = (2, int.MaxValue, "separator, text"),
        ["substring"] = (3, 3, "text, start, end"),
        ["leftPad"] = (3, 3, "text, width, character"),
        ["rightPad"] = (3, 3, "text, width, character"),
        ["intSubtract"] = (2, 2, "a, b"),
        ["longSubtract"] = (2, 2, "a, b"),
        ["doubleSubtract"] = (2, 2, "a, b"),
        ["divide"] = (2, 2, "a, b"),
        ["divideAndRound"] = (3, 3, "decimals, a, b"),
        ["elementAt"] = (2, int.MaxValue, "index, list"),
        ["isPresent"] = (1, 1, "value"),
        ["notNull"] = (1, 1, "value"),
        ["isNull"] = (1, 1, "value"),
        ["ifEquals"] = (3, 4, "value, other, then, else"),
    }.ToFrozenDictionary();

    private static readonly JoltFunction Unknown = new PlainFunction(PresenceFunctions.Nothing);

    /// <summary>Whether <paramref name="name"/> is a function.</summary>
    public static bool Knows(string name) => Functions.ContainsKey(name);

    /// <summary>
    /// The function <paramref name="name"/> for a call with <paramref name="arguments"/>. One that does not exist never has an answer,
    /// as in the reference implementation, where it serves to skip an alternative; it is reported as a warning.
    /// </summary>
    public static JoltFunction Find(string name, IReadOnlyList<IExpression> arguments, SpecScope scope)
    {
        CheckCount(name, arguments.Count, scope);
        if (name == Split) return SplitFunction.For(arguments);
        if (Functions.TryGetValue(name, out var function)) return function;
        scope.Warn($"there is no function '{name}', so it will never have a value{NearestWord.Hint(name, Functions.Keys)}");
        return Unknown;
    }
    /// <summary>A call without arguments is made with what is there, which may be a list of them.</summary>
    private static void CheckCount(string name, int count, SpecScope scope)
    {
        if (count == 0 || !Counts.TryGetValue(name, out var needed) || (count >= needed.Least && count <= needed.Most)) return;
        scope.Warn(
            $"'{name}' is called with {(count == 1 ? "1 argument" : $"{count} arguments")} and expects {name}({needed.Form}), so it will hardly have a value");
    }
}
