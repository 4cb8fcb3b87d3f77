using System.Buffers;
using System.Text.RegularExpressions;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Functions;

/// <summary><c>split(separator, text)</c>. A separator written in the spec is a regular expression, as in the reference implementation.</summary>
/// <remarks>
/// The expression is matched in time linear to the text, so lookarounds and back references are refused. A separator that comes
/// from the document is plain text: a document must not bring its own regular expressions.
/// </remarks>
internal sealed class SplitFunction : JoltFunction
{
    private static readonly SearchValues<char> Special = SearchValues.Create(@"\^$.|?*+()[]{}");

    private readonly LedFunction _function;
    private readonly Regex? _pattern;

    private SplitFunction(Regex? pattern)
    {
        _pattern = pattern;
        _function = new LedFunction(Arguments.IsString, SplitEach, (separator, values, run) => Split(separator, values[0], run));
    }

    /// <summary>The function for a call with <paramref name="arguments"/>.</summary>
    /// <exception cref="SpecSyntaxException">The separator is not a regular expression, or not one of linear time.</exception>
    public static SplitFunction For(IReadOnlyList<IExpression> arguments)
    {
        if (arguments is not [LiteralText { Text: var separator }, ..]) return new SplitFunction(null);
        if (separator.Length > 0 && !separator.AsSpan().ContainsAny(Special)) return new SplitFunction(null);
        try
        {
            return new SplitFunction(new Regex(separator, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new SpecSyntaxException($"split cannot use the regular expression '{separator}': {e.Message}");
        }
    }

    public override DocValue Apply(ReadOnlySpan<DocValue> arguments, JoltRun run) => _function.Apply(arguments, run);

    private DocValue SplitEach(DocValue separator, ReadOnlySpan<DocValue> values, JoltRun run)
    {
        var answers = new DocValue[values.Length];
        for (var i = 0; i < answers.Length; i++)
        {
            var answer = Split(separator, values[i], run);
            answers[i] = answer.IsMissing ? values[i].Share() : answer;
        }

        return DocValue.Of(new DocArray(answers));
    }

    private DocValue Split(DocValue separator, DocValue value, JoltRun run)
    {
        if (value.Kind != DocKind.String) return default;
        var text = value.GetText();
        run.Meter.Spend(text.Length + 1);
        var pieces = _pattern is null ? [.. text.Split(separator.GetText())] : SplitByPattern(text, _pattern);
        var found = pieces.Count > 1;
        while (found && pieces is [.., ""]) pieces.RemoveAt(pieces.Count - 1);
        return DocValue.Of(new DocArray([.. pieces.Select(DocValue.String)]));
    }

    private static List<string> SplitByPattern(string text, Regex pattern)
    {
        var pieces = new List<string>();
        var start = 0;
        foreach (var match in pattern.EnumerateMatches(text))
        {
            if (match.Index + match.Length == 0) continue; // nothing at the very front separates nothing
            pieces.Add(text[start..match.Index]);
            start = match.Index + match.Length;
        }

        pieces.Add(text[start..]);
        return pieces;
    }
}
