using System.Text.Json.Nodes;
using System.Text;
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

/// <summary>Rows of cells (RFC 4180). Counts cells while it reads, so that a row of commas costs nothing but its limit.</summary>
/// <param name="text">The text.</param>
/// <param name="maxColumns">Cells of a row (<c>content_limits.max_form_fields</c>).</param>
internal sealed class CsvParser(string text, int maxColumns)
{
    private readonly List<string> _cells = [];
    private int _at;

    /// <summary>Lines read so far.</summary>
    public int Line { get; private set; }

    /// <summary>The trimmed cells of the next row that is not empty, valid until the next call; null at the end.</summary>
    /// <exception cref="ContentException">A quote is not closed or followed by something, or there are too many cells.</exception>
    public List<string>? ReadRow()
    {
        while (_at < text.Length)
        {
            _cells.Clear();
            bool more, isQuoted;
            do
            {
                if (_cells.Count == maxColumns) throw ContentException.TooMany("columns", "max_form_fields", maxColumns);
                SkipBlanks();
                isQuoted = _at < text.Length && text[_at] == '"';
                _cells.Add(isQuoted ? ReadQuoted() : ReadPlain());
                more = _at < text.Length && text[_at] == ',';
                if (more) _at++;
            }
            while (more);
            EndLine();
            if (isQuoted || _cells is not [""]) return _cells; // "" is an empty cell, not an empty line
        }

        return null;
    }

    private void SkipBlanks()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t') _at++;
    }

    private string ReadPlain()
    {
        var start = _at;
        var length = text.AsSpan(start).IndexOfAny(',', '\r', '\n');
        _at = length < 0 ? text.Length : start + length;
        return text.AsSpan(start, _at - start).Trim().ToString();
    }

    private string ReadQuoted()
    {
        var cell = new StringBuilder();
        while (true)
        {
            var start = _at + 1;
            var length = text.AsSpan(start).IndexOf('"');
            if (length < 0) throw ContentException.Malformed($"is not CSV: a quote on line {Line + 1} is not closed");
            var part = text.AsSpan(start, length);
            cell.Append(part);
            Line += part.Count('\n');
            _at = start + length + 1;
            if (_at == text.Length || text[_at] != '"') break;
            cell.Append('"'); // two are one; the second opens the next part
        }

        SkipBlanks();
        if (_at < text.Length && text[_at] is not (',' or '\r' or '\n'))
            throw ContentException.Malformed($"is not CSV: line {Line + 1} goes on behind a closing quote");
        return cell.ToString().Trim();
    }

    private void EndLine()
    {
        Line++;
        if (_at < text.Length && text[_at] == '\r') _at++;
        if (_at < text.Length && text[_at] == '\n') _at++;
    }
}
