using Harmony.Jolt.Compilation;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Functions;

/// <summary>Reads the right-hand sides of a modify.</summary>
internal static class ExpressionParser
{
    /// <summary>Reads a string of a spec: a call, a lookup, a reference to the context, or just a string.</summary>
    /// <exception cref="SpecSyntaxException">It is malformed.</exception>
    public static IExpression Parse(string text, SpecScope scope) => text switch
    {
        ['=', ..] => ParseCall(text, scope),
        ['@' or '^', ..] => ParseReference(text),
        _ => ParseText(text, scope),
    };

    private static LiteralText ParseText(string text, SpecScope scope)
    {
        if (IsBareCall(text)) scope.Warn($"'{text}' is a text; to call the function, write '={text}'");
        return new LiteralText(text);
    }

    private static IExpression ParseReference(string text)
    {
        if (text[0] == '^') return new ContextExpression(PathParser.Parse(text[1..]));
        return PathScanner.Split(text).Count == 1
            ? new LookupExpression(PathParser.ParseLookup(text))
            : throw new SpecSyntaxException($"'{text}' continues after its lookup; put the whole path into the parentheses: '@(1,a.b)'");
    }

    private static CallExpression ParseCall(string text, SpecScope scope)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0) return new CallExpression(FunctionCatalog.Find(text[1..].Trim(), [], scope), []);
        if (!text.EndsWith(')')) throw new SpecSyntaxException($"'{text}' does not end with the ')' of its call");
        IExpression[] arguments = [.. ArgumentScanner.Split(text[(open + 1)..^1]).Select(a => ParseArgument(a, scope))];
        return new CallExpression(FunctionCatalog.Find(text[1..open].Trim(), arguments, scope), arguments);
    }

    private static IExpression ParseArgument(string text, SpecScope scope) => text switch
    {
        "" => new ConstantExpression(DocValue.Null),
        ['@' or '^', ..] => ParseReference(text),
        ['=', .. var name] when name.EndsWith(')') || FunctionCatalog.Knows(name) => ParseCall(text, scope),
        _ when IsBareCall(text) => ParseCall("=" + text, scope),
        ['\'', .. var quoted, '\''] => new LiteralText(quoted.Replace("\\'", "'", StringComparison.Ordinal)),
        _ => ParseLiteral(text),
    };

    /// <summary>An argument that calls a function without the <c>=</c> in front: there can be no doubt what it means.</summary>
    private static bool IsBareCall(string text)
        => text.EndsWith(')') && text.IndexOf('(', StringComparison.Ordinal) is var open && FunctionCatalog.Knows(text[..Math.Max(open, 0)].Trim());

    private static IExpression ParseLiteral(string text)
    {
        if (bool.TryParse(text, out var boolean)) return new ConstantExpression(DocValue.Of(boolean));
        if (DocNumber.IsJson(text)) return new ConstantExpression(DocValue.Number(text));
        return DocNumber.TryParse(text, out var number) ? new ConstantExpression(number.ToValue()) : new LiteralText(text);
    }
}

/// <summary>Separates the arguments of a call.</summary>
internal static class ArgumentScanner
{
    /// <summary>The arguments, trimmed. Commas in quotes and in parentheses separate nothing; <c>\'</c> does not end a quote.</summary>
    public static List<string> Split(string text)
    {
        var arguments = new List<string>();
        var start = 0;
        var depth = 0;
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && quoted && i + 1 < text.Length && text[i + 1] == '\'') i++;
            else if (c == '\'') quoted = !quoted;
            else if (quoted) continue;
            else if (c is '(' or ')') depth += c == '(' ? 1 : -1;
            else if (c == ',' && depth <= 0)
            {
                arguments.Add(text[start..i].Trim());
                start = i + 1;
            }
        }

        arguments.Add(text[start..].Trim());
        return arguments;
    }
}

/// <summary>A string of the spec's own.</summary>
internal sealed class LiteralText(string text) : IExpression
{
    private readonly DocValue _value = DocValue.String(text);
    private readonly TextTemplate? _template = TextTemplate.Parse(text);

    /// <summary>The string as it stands in the spec.</summary>
    public string Text => text;

    public IEnumerable<Reference> References => [];

    public DocValue Evaluate(DocValue current, JoltRun run) => _template?.Expand(run) ?? _value;
}
