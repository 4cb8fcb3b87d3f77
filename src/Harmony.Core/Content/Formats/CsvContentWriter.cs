using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text;

namespace Harmony.Core.Content.Formats;

/// <summary>Rows as objects to CSV in UTF-8: a header row with every name in order of first appearance, lines ended by CR LF (RFC 4180).</summary>
internal static class CsvContentWriter
{
    private const string LineEnd = "\r\n";

    /// <param name="data"><c>{rows: [{column: value}]}</c>, or the array alone. Objects and arrays as values become JSON text.</param>
    /// <exception cref="ContentException">The data do not have the shape.</exception>
    public static byte[] Write(JsonNode? data)
    {
        var rows = data as JsonArray ?? (data as JsonObject)?["rows"] as JsonArray ?? throw Misshapen();
        var columns = ColumnsOf(rows);
        var text = new StringBuilder();
        AppendLine(text, columns.Select(column => Formulas.Disarm(column)));
        foreach (var row in rows)
        {
            var start = text.Length;
            AppendLine(text, columns.Select(column => CellOf(row![column])));
            if (columns is [_] && text.Length - start == LineEnd.Length) text.Insert(start, "\"\""); // an empty line would be no row
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static List<string> ColumnsOf(JsonArray rows)
    {
        var columns = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            foreach (var (name, _) in row as JsonObject ?? throw Misshapen())
            {
                if (seen.Add(name)) columns.Add(name);
            }
        }

        return columns;
    }

    /// <summary>Numbers stay numbers: <c>-5</c> is no formula.</summary>
    private static string CellOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "",
        JsonValueKind.String => Formulas.Disarm(value.GetValue<string>()),
        _ => value.ToJsonString(),
    };

    private static void AppendLine(StringBuilder text, IEnumerable<string> cells)
    {
        var first = true;
        foreach (var cell in cells)
        {
            if (!first) text.Append(',');
            first = false;
            var needsQuotes = cell.AsSpan().ContainsAny(",\"\r\n") || cell != cell.Trim();
            if (needsQuotes) text.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            else text.Append(cell);
        }

        text.Append(LineEnd);
    }

    private static ContentException Misshapen()
        => ContentException.Malformed("cannot be written as CSV: {rows: [{column: value}]} or an array of objects is expected");
}

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
