using System.Globalization;
using System.Text;

namespace Harmony.Core.Configuration.Toml;

/// <summary>Resolves the escapes of basic strings.</summary>
internal sealed class TomlEscapeReader(TomlCursor cursor, TomlErrors errors)
{
    /// <summary>Reads the escape that starts here. A wrong one is reported and left out.</summary>
    /// <param name="content">Receives the character.</param>
    /// <param name="start">Where the content of the string starts: for the hint about Windows paths.</param>
    public void Read(StringBuilder content, int start)
    {
        var mark = cursor.Mark;
        var location = cursor.Location;
        cursor.Advance();
        if (cursor.AtEndOfLine) return; // the string is not closed, and its reader says so
        var escaped = cursor.Current;
        cursor.Advance();
        switch (escaped)
        {
            case 'b': content.Append('\b'); return;
            case 't': content.Append('\t'); return;
            case 'n': content.Append('\n'); return;
            case 'f': content.Append('\f'); return;
            case 'r': content.Append('\r'); return;
            case '"' or '\\': content.Append(escaped); return;
        }

        if (char.IsHighSurrogate(escaped)) cursor.Advance();
        var unknown = TomlFound.Quote(cursor.TextSince(mark.Position));
        string? problem = $"{unknown} is not an escape: expected one of \\b \\t \\n \\f \\r \\\" \\\\ \\uXXXX \\UXXXXXXXX";
        if (escaped is 'u' or 'U') content.Append(ReadCodePoint(escaped == 'u' ? 4 : 8, out problem)?.ToString());
        if (problem is not null && errors.Wants(mark.Line))
        {
            errors.Report(location, HintAt(mark, start) ?? problem, "a backslash starts an escape: write \\\\ for a backslash, or the string in single quotes");
        }
    }

    private Rune? ReadCodePoint(int digits, out string? problem)
    {
        var start = cursor.Position;
        while (cursor.Position - start < digits && char.IsAsciiHexDigit(cursor.Current)) cursor.Advance();
        var hex = cursor.TextSince(start);
        var escape = (digits == 4 ? "\\u" : "\\U") + hex;
        problem = null;
        if (hex.Length < digits) problem = $"'{escape}' is not an escape: expected {digits} hexadecimal digits, found {hex.Length}";
        else if (Rune.TryCreate(uint.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), out var rune)) return rune;
        else problem = $"'{escape}' is not a Unicode character";
        return null;
    }

    /// <summary>The hint about Windows paths, if the string is one.</summary>
    private string? HintAt(TomlMark escape, int start)
    {
        var behind = cursor.Mark;
        cursor.SkipRestOfLine();
        var content = cursor.TextSince(start);
        cursor.ReturnTo(behind);
        var (firstLine, end) = (content.LastIndexOf('\n', escape.Position - start) + 1, content.IndexOf('"', escape.Position - start));
        var hint = TomlHints.ForWindowsPath(end < 0 ? content[firstLine..] : content[firstLine..end]);
        return hint is null ? null : $"a backslash starts an escape; {hint}";
    }
}
