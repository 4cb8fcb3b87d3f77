namespace Harmony.Core.Content.Formats;

/// <summary>Cells that a spreadsheet would calculate instead of showing (OWASP: CSV injection).</summary>
internal static class Formulas
{
    /// <summary>Puts an apostrophe in front of text that begins with <c>=</c>, <c>+</c>, <c>-</c> or <c>@</c>.</summary>
    public static string Disarm(string cell) => cell is ['=' or '+' or '-' or '@', ..] ? "'" + cell : cell;
}
