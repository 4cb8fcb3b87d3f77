using System.Text.RegularExpressions;

namespace Harmony.JsonSchema.Values;

/// <summary>
/// A regular expression of a schema. Schemas mean those of ECMA-262 (JSON Schema §6.4), which differ from .NET's in a few places. It runs in
/// time linear in the text; where it needs backtracking (look-around, back-references), for at most <see cref="Patience"/>.
/// </summary>
internal sealed class SchemaPattern
{
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private const RegexOptions Options = RegexOptions.CultureInvariant;

    private readonly Regex _expression;

    /// <param name="pattern">As the schema has it.</param>
    /// <exception cref="ArgumentException">It is not a regular expression.</exception>
    /// <exception cref="FormatException">It is none of ECMA-262, or one that cannot be translated.</exception>
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
}
