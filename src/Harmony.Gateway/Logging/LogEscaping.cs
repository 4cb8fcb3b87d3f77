using System.Buffers;

namespace Harmony.Gateway.Logging;

/// <summary>
/// Writes text from outside so that it can neither begin a line of its own nor steer a terminal: line breaks, control
/// characters (ANSI escapes begin with one) and characters that reorder what a reader sees become visible escapes.
/// </summary>
internal static class LogEscaping
{
    private static readonly SearchValues<char> Unsafe = SearchValues.Create(UnsafeCharacters());

    /// <summary>Appends <paramref name="text"/>, escaped.</summary>
    public static void Append(LogLine line, ReadOnlySpan<char> text)
    {
        for (var next = text.IndexOfAny(Unsafe); next >= 0; next = text.IndexOfAny(Unsafe))
        {
            line.Append(text[..next]);
            AppendEscape(line, text[next]);
            text = text[(next + 1)..];
        }

        line.Append(text);
    }

    /// <summary>Appends text whose line feeds are ours: JSON, where those of values are escaped already. The lines after the first are indented.</summary>
    public static void AppendLines(LogLine line, ReadOnlySpan<char> text)
    {
        for (var end = text.IndexOf('\n'); end >= 0; end = text.IndexOf('\n'))
        {
            Append(line, text[..end]);
            line.Append("\n    "u8);
            text = text[(end + 1)..];
        }

        Append(line, text);
    }

    /// <summary>Appends a value of <c>name=value</c>, in quotes where it would otherwise run into what follows.</summary>
    public static void AppendValue(LogLine line, string value)
    {
        if (value.Length > 0 && value.AsSpan().IndexOfAny(' ', '"', '=') < 0)
        {
            Append(line, value);
            return;
        }

        line.Append("\""u8);
        Append(line, value.Replace("\"", "\\\"", StringComparison.Ordinal));
        line.Append("\""u8);
    }

    private static void AppendEscape(LogLine line, char character)
    {
        switch (character)
        {
            case '\n':
                line.Append("\\n"u8);
                break;
            case '\r':
                line.Append("\\r"u8);
                break;
            case '\t':
                line.Append("\\t"u8);
                break;
            case <= '\xFF':
                line.Append("\\x"u8);
                line.Append((int)character, "X2");
                break;
            default:
                line.Append("\\u"u8);
                line.Append((int)character, "X4");
                break;
        }
    }

    private static char[] UnsafeCharacters() =>
    [
        .. Range('\0', '\x1F'), // C0 controls
        .. Range('\x7F', '\x9F'), // DEL and C1 controls: \x9B alone begins an escape sequence
        .. Range('\u200E', '\u200F'), .. Range('\u202A', '\u202E'), .. Range('\u2066', '\u2069'), // bidirectional marks
        .. Range('\u2028', '\u2029'), // line and paragraph separator
        '\uFEFF',
    ];

    private static IEnumerable<char> Range(char first, char last) => Enumerable.Range(first, last - first + 1).Select(code => (char)code);
}
