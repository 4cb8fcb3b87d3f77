using System.Text.RegularExpressions;

namespace Harmony.JsonSchema.Values;

/// <summary>
/// A regular expression of a schema, by ECMA-262 (JSON Schema §6.4), which differs from .NET's in a few places. A match takes
/// time linear in the text; an expression that needs backtracking (look-around, back-references) takes at most <see cref="Patience"/>.
/// </summary>
internal sealed class SchemaPattern
{
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private const RegexOptions Options = RegexOptions.CultureInvariant;

    private readonly Regex _expression;

    /// <param name="pattern">As the schema has it.</param>
    /// <exception cref="ArgumentException">The pattern is no regular expression.</exception>
    /// <exception cref="FormatException">The pattern is no expression of ECMA-262, or cannot be translated.</exception>
    public SchemaPattern(string pattern)
    {
        var translated = new PatternTranslation(pattern).Result;
        try
        {
            _expression = new Regex(translated, Options | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            _expression = new Regex(translated, Options, Patience);
        }
    }

    /// <summary>Whether the pattern matches anywhere in a text; false if the match takes too long.</summary>
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
}
