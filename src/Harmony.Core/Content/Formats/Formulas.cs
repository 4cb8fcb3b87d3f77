using System.Text.RegularExpressions;

namespace Harmony.Core.Content.Formats;

/// <summary>Cells that a spreadsheet would calculate instead of showing (OWASP: CSV injection).</summary>
internal static partial class Formulas
{
    /// <summary>
    /// Puts an apostrophe in front of text that a spreadsheet takes for a formula: <c>=</c>, <c>+</c>, <c>-</c> or <c>@</c> at the front, blanks
    /// and line breaks before it do not count; and a tab or carriage return at the front.
    /// </summary>
    /// <param name="cell">The cell.</param>
    /// <param name="numbersToo">Whether numbers with a sign are formulas, too; by default <c>-5.2</c> and <c>+49 30 1234</c> stay what they are.</param>
    public static string Disarm(string cell, bool numbersToo = false)
    {
        if (cell.Length == 0 || !IsSuspect(cell)) return cell;
        return !numbersToo && Number().IsMatch(cell) ? cell : "'" + cell;
    }

    private static bool IsSuspect(string cell)
    {
        if (cell[0] is '\t' or '\r') return true;
        var text = cell.AsSpan().TrimStart();
        // The wide forms (U+FF1D and so on) are the same to spreadsheets of East Asian languages.
        return !text.IsEmpty && text[0] is '=' or '+' or '-' or '@' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20';
    }

    /// <summary>A sign, then digits and what people put between them; a word or the call of a function is none.</summary>
    [GeneratedRegex(@"^[+-] ?[0-9(.,][0-9 .,()/-]*(?:[eE][+-]?[0-9]+)? ?%?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
