namespace Harmony.Jolt.Functions;

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
