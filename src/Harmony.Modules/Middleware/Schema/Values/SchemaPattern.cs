using System.Text;
using System.Text.RegularExpressions;

namespace Harmony.Modules.Middleware.Schema.Values;

/// <summary>
/// A regular expression of a schema. Schemas mean those of ECMA-262 (JSON Schema §6.4), which differ from .NET's in a few places. It runs in
/// time linear in the text; where it needs backtracking (look-around, back-references), for at most <see cref="Patience"/>.
/// </summary>
internal sealed class SchemaPattern
{
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private const RegexOptions Options = RegexOptions.CultureInvariant;

    /// <summary>Names that .NET knows by their short forms only.</summary>
    private static readonly Dictionary<string, string> Categories = new(StringComparer.Ordinal)
    {
        ["Letter"] = "L", ["Lowercase_Letter"] = "Ll", ["Uppercase_Letter"] = "Lu", ["Number"] = "N", ["Decimal_Number"] = "Nd", ["digit"] = "Nd",
        ["Punctuation"] = "P", ["Symbol"] = "S", ["Separator"] = "Z", ["Mark"] = "M", ["Other"] = "C",
    };

    private readonly Regex _expression;

    /// <param name="pattern">As the schema has it.</param>
    /// <exception cref="ArgumentException">It is not a regular expression.</exception>
    public SchemaPattern(string pattern)
    {
        var translated = Translate(pattern);
        try
        {
            _expression = new Regex(translated, Options | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            _expression = new Regex(translated, Options, Patience);
        }
    }

    /// <summary>Whether it is found anywhere in the text; false too when that takes too long.</summary>
    public bool IsFoundIn(string text)
    {
        try
        {
            return _expression.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static string Translate(string pattern)
    {
        var result = new StringBuilder(pattern.Length + 8);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                i += AppendEscape(result, pattern, i + 1, inClass);
                continue;
            }

            switch (c)
            {
                case '[' when inClass:
                    result.Append("\\["); // .NET would subtract a class
                    continue;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '$' when !inClass:
                    result.Append("\\z"); // .NET's $ stands before a last line break too
                    continue;
            }

            result.Append(c);
        }

        return result.ToString();
    }

    /// <summary>Appends the escape whose letter stands at <paramref name="at"/>; returns how many characters it has behind the backslash.</summary>
    private static int AppendEscape(StringBuilder result, string pattern, int at, bool inClass)
    {
        // Digits, words and spaces are those of ASCII in ECMA-262 (spaces not quite), of Unicode in .NET.
        var plain = (pattern[at], inClass) switch
        {
            ('d', true) => "0-9",
            ('d', false) => "[0-9]",
            ('D', false) => "[^0-9]",
            ('w', true) => "A-Za-z0-9_",
            ('w', false) => "[A-Za-z0-9_]",
            ('W', false) => "[^A-Za-z0-9_]",
            ('s', true) => "\\s\\uFEFF",
            ('s', false) => "[\\s\\uFEFF]",
            ('S', false) => "[^\\s\\uFEFF]",
            _ => null,
        };
        if (plain is not null)
        {
            result.Append(plain);
            return 1;
        }

        var end = pattern[at] is 'p' or 'P' && at + 1 < pattern.Length && pattern[at + 1] == '{' ? pattern.IndexOf('}', at) : -1;
        if (end > 0 && Categories.TryGetValue(pattern[(at + 2)..end], out var category))
        {
            result.Append('\\').Append(pattern[at]).Append('{').Append(category).Append('}');
            return end - at + 1;
        }

        result.Append('\\').Append(pattern[at]);
        return 1;
    }
}
