using System.Text;
using System.Text.RegularExpressions;
using Harmony.Core.Configuration;

namespace Harmony.Core.Redaction;

/// <summary>
/// <c>sensitive_field_patterns</c> of <c>[proxy]</c>: names whose values are hidden wherever they appear. A pattern with <c>*</c> or
/// <c>?</c> as its only special characters is a glob for the whole name; everything else is a regular expression found anywhere in it.
/// </summary>
internal sealed class SensitivePatterns
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50); // for expressions that need backtracking

    private readonly Regex[] _expressions;

    private SensitivePatterns(Regex[] expressions) => _expressions = expressions;

    /// <summary>Compiles the patterns; those that cannot be go to <paramref name="problems"/>.</summary>
    public static SensitivePatterns From(ProxySection proxy, ConfigProblems problems)
    {
        var expressions = new List<Regex>();
        for (var i = 0; i < proxy.SensitiveFieldPatterns.Count; i++)
        {
            var pattern = proxy.SensitiveFieldPatterns[i];
            try
            {
                expressions.Add(Compile(IsGlob(pattern) ? FromGlob(pattern) : pattern));
            }
            catch (ArgumentException)
            {
                problems.Error(proxy.LocationOf("sensitive_field_patterns", i),
                    $"'{pattern}' is neither a glob such as *_key nor a regular expression that can be read");
            }
        }

        return new SensitivePatterns([.. expressions]);
    }

    /// <summary>Whether a pattern covers the name. A pattern that takes too long counts as one that does: hiding too much does no harm.</summary>
    public bool Cover(string name)
    {
        foreach (var expression in _expressions)
        {
            try
            {
                if (expression.IsMatch(name)) return true;
            }
            catch (RegexMatchTimeoutException)
            {
                return true;
            }
        }

        return false;
    }

    private static Regex Compile(string expression)
    {
        try
        {
            return new Regex(expression, Options | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            return new Regex(expression, Options, Patience);
        }
    }

    private static bool IsGlob(string pattern)
        => pattern.AsSpan().IndexOfAny('*', '?') >= 0 && pattern.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '*' or '?');

    private static string FromGlob(string glob)
    {
        var expression = new StringBuilder("^");
        foreach (var c in glob) expression.Append(c switch { '*' => ".*", '?' => ".", _ => Regex.Escape(c.ToString()) });
        return expression.Append('$').ToString();
    }
}
