using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Harmony.Access.Middleware.Policies.Matching;

/// <summary>
/// A regular expression, written <c>/bot|crawler/i</c> or without slashes. Takes time in proportion to the text wherever the expression
/// can be matched that way, and a bounded time otherwise.
/// </summary>
internal sealed class TextPattern
{
    /// <summary>Time for an expression with look-around or back-references, which can take for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly Regex _regex;

    private TextPattern(Regex regex) => _regex = regex;

    /// <summary>Compiles an expression.</summary>
    /// <param name="text">The expression; flags behind the second slash: <c>i</c> for any case.</param>
    /// <param name="ignoreCase">Whether case does not matter in any event.</param>
    /// <param name="pattern">The compiled expression.</param>
    /// <param name="error">What is wrong with it.</param>
    public static bool TryParse(string text, bool ignoreCase, [NotNullWhen(true)] out TextPattern? pattern, [NotNullWhen(false)] out string? error)
    {
        pattern = null;
        error = null;
        var (expression, flags) = Split(text);
        if (flags.AsSpan().ContainsAnyExcept('i', 'm', 's')) error = $"unknown flag in '{flags}'; there are i, m and s";
        else if (!TryCompile(expression, Options(flags, ignoreCase), out var regex, out error)) return false;
        else pattern = new TextPattern(regex);
        return pattern is not null;
    }

    /// <summary>Whether the expression matches somewhere in the text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="whenUndecided">The answer where time runs out.</param>
    public bool IsMatch(string text, bool whenUndecided)
    {
        try
        {
            return _regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return whenUndecided;
        }
    }

    private static (string Expression, string Flags) Split(string text)
    {
        var end = text.LastIndexOf('/');
        return text.StartsWith('/') && end > 0 ? (text[1..end], text[(end + 1)..]) : (text, "");
    }

    private static RegexOptions Options(string flags, bool ignoreCase)
    {
        var options = RegexOptions.CultureInvariant;
        if (ignoreCase || flags.Contains('i')) options |= RegexOptions.IgnoreCase;
        if (flags.Contains('m')) options |= RegexOptions.Multiline;
        if (flags.Contains('s')) options |= RegexOptions.Singleline;
        return options;
    }

    private static bool TryCompile(string expression, RegexOptions options, [NotNullWhen(true)] out Regex? regex, [NotNullWhen(false)] out string? error)
    {
        error = null;
        try
        {
            // Without a limit: on a busy machine a short one passes before the first match has been compiled.
            regex = new Regex(expression, options | RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout);
        }
        catch (NotSupportedException)
        {
            regex = new Regex(expression, options, Patience);
        }
        catch (ArgumentException e)
        {
            regex = null;
            error = e.Message;
        }

        return regex is not null;
    }
}
