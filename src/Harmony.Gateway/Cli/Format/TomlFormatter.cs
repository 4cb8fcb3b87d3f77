using System.Text;

namespace Harmony.Gateway.Cli.Format;

/// <summary>
/// Puts a TOML document into one shape: <c>key = value</c>, a blank line before each table, no blanks at ends of lines, no tabs before keys. Comments, order
/// and values stay as they are; so do the lines inside of arrays and strings of several lines, whose shape is their author's.
/// </summary>
internal sealed class TomlFormatter
{
    private readonly StringBuilder _text = new();
    private readonly List<string> _comments = []; // those that stand directly above what comes next
    private string? _quotes; // the end of the string of several lines that is open
    private int _depth; // brackets of a value that are open
    private bool _isSpaced = true; // whether a blank line, or the beginning, is above

    /// <summary>The document in that shape.</summary>
    public static string Format(string text)
    {
        var formatter = new TomlFormatter();
        foreach (var line in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')) formatter.Add(line);
        formatter.FlushComments();
        return formatter._text.ToString().TrimEnd('\n') + "\n";
    }

    private void Add(string line)
    {
        if (_quotes is not null || _depth > 0)
        {
            // A blank at the end of a line of a string is part of the string.
            var isText = _quotes is not null;
            Scan(line);
            Write(isText || _quotes is not null ? line : line.TrimEnd());
            return;
        }

        var trimmed = line.Trim();
        if (trimmed.Length == 0) Blank();
        else if (trimmed[0] == '#') _comments.Add(trimmed);
        else if (trimmed[0] == '[') Table(trimmed);
        else Key(line.TrimStart());
    }

    private void Table(string header)
    {
        Blank();
        FlushComments();
        Write(header);
    }

    private void Key(string line)
    {
        FlushComments();
        var equals = EqualsOf(line);
        if (equals < 0)
        {
            Write(line.TrimEnd());
            return;
        }

        var value = line[(equals + 1)..].TrimStart();
        Scan(value);
        Write($"{line[..equals].TrimEnd()} = {(_quotes is null ? value.TrimEnd() : value)}");
    }

    /// <summary>One blank line, above the comments that belong to what comes next.</summary>
    private void Blank()
    {
        if (_comments.Count > 0 && _text.Length == 0) FlushComments(); // what is said of the file as a whole
        if (_comments.Count > 0 && !_isSpaced && _text.Length > 0)
        {
            _text.Append('\n');
            _isSpaced = true;
        }

        if (_comments.Count > 0) return;
        if (!_isSpaced) _text.Append('\n');
        _isSpaced = true;
    }

    private void FlushComments()
    {
        foreach (var comment in _comments) Write(comment);
        _comments.Clear();
    }

    private void Write(string line)
    {
        _text.Append(line).Append('\n');
        _isSpaced = false;
    }

    /// <summary>The first equals sign that is not part of a quoted key; -1 for none.</summary>
    private static int EqualsOf(string line)
    {
        var quote = '\0';
        for (var i = 0; i < line.Length; i++)
        {
            if (quote != '\0')
            {
                if (line[i] == '\\' && quote == '"') i++;
                else if (line[i] == quote) quote = '\0';
            }
            else if (line[i] is '"' or '\'') quote = line[i];
            else if (line[i] == '=') return i;
            else if (line[i] == '#') return -1;
        }

        return -1;
    }

    /// <summary>Follows strings and brackets through a part of a value.</summary>
    private void Scan(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (_quotes is not null)
            {
                if (text[i] == '\\' && _quotes[0] == '"') i++;
                else if (text.AsSpan(i).StartsWith(_quotes))
                {
                    i += _quotes.Length - 1;
                    // Up to two quotes may stand before the three that end it.
                    while (_quotes.Length == 3 && i + 1 < text.Length && text[i + 1] == _quotes[0]) i++;
                    _quotes = null;
                }
            }
            else if (text[i] is '"' or '\'')
            {
                var three = new string(text[i], 3);
                _quotes = text.AsSpan(i).StartsWith(three) ? three : text[i].ToString();
                i += _quotes.Length - 1;
            }
            else if (text[i] == '#') return;
            else if (text[i] is '[' or '{') _depth++;
            else if (text[i] is ']' or '}') _depth--;
        }

        if (_quotes is { Length: 1 }) _quotes = null; // a mistake that the reader reports
    }
}
