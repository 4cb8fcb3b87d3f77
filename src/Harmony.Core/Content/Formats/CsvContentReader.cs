using System.Text.Json.Nodes;
using Harmony.Core.Configuration;

namespace Harmony.Core.Content.Formats;

/// <summary>
/// CSV with a header row (RFC 4180) to <c>{rows: [{column: cell}], row_count}</c>. Cells are strings, trimmed; one that a spreadsheet would
/// take for a formula gets an apostrophe in front, numbers do not. Empty lines are skipped, missing cells are empty.
/// </summary>
internal static class CsvContentReader
{
    /// <exception cref="ContentException">A quote is not closed, a row has more cells than the header, or there are too many rows or columns.</exception>
    public static JsonObject Read(string text, ContentLimitsSection limits)
    {
        var parser = new CsvParser(text, limits.MaxFormFields);
        var rows = new JsonArray();
        if (parser.ReadRow() is { } header)
        {
            var columns = ColumnsOf(header);
            while (parser.ReadRow() is { } cells)
            {
                if (rows.Count == limits.MaxCsvRows) throw ContentException.TooMany("rows", "max_csv_rows", limits.MaxCsvRows);
                rows.Add(RowOf(columns, cells, parser.Line, limits.CsvFormulas == "escape_all"));
            }
        }

        return new JsonObject { ["rows"] = rows, ["row_count"] = rows.Count };
    }

    /// <summary>A column without a name is called by its number, from 1.</summary>
    private static string[] ColumnsOf(List<string> header)
    {
        var columns = header.Select((name, i) => name.Length > 0 ? name : $"column_{i + 1}").ToArray();
        if (columns.Distinct(StringComparer.Ordinal).Count() < columns.Length) throw ContentException.Malformed("is not CSV: two columns have one name");
        return columns;
    }

    private static JsonObject RowOf(string[] columns, List<string> cells, int line, bool numbersToo)
    {
        if (cells.Count > columns.Length) throw ContentException.Malformed($"is not CSV: the row that ends on line {line} has more cells than the header");
        var row = new JsonObject();
        for (var i = 0; i < columns.Length; i++) row[columns[i]] = i < cells.Count ? Formulas.Disarm(cells[i], numbersToo) : "";
        return row;
    }
}
