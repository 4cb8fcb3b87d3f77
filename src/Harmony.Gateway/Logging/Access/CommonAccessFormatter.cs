using Harmony.Core.Diagnostics;

namespace Harmony.Gateway.Logging.Access;

/// <summary>Turns records into lines. Called by many threads at once.</summary>
internal interface IAccessFormatter
{
    /// <summary>Writes <paramref name="record"/> to <paramref name="line"/>, with the final line feed.</summary>
    void Format(in AccessRecord record, LogLine line);
}

/// <summary>The Common Log Format of web servers: <c>192.0.2.7 - alice [21/Nov/2026:09:30:00 +0000] "GET /orders HTTP/1.1" 200 1024</c>.</summary>
/// <param name="withQuery">Whether the query follows the path.</param>
internal sealed class CommonAccessFormatter(bool withQuery) : IAccessFormatter
{
    private const string TimeFormat = "dd/MMM/yyyy:HH:mm:ss";

    /// <inheritdoc/>
    public void Format(in AccessRecord record, LogLine line)
    {
        AppendWord(line, record.ClientAddress?.ToString());
        line.Append(" - "u8);
        AppendWord(line, record.User);
        line.Append(" ["u8);
        line.Append(record.Time.UtcDateTime, TimeFormat);
        line.Append(" +0000] \""u8);
        AppendQuoted(line, record.Method);
        line.Append(" "u8);
        AppendQuoted(line, record.Path);
        if (withQuery && !string.IsNullOrEmpty(record.Query))
        {
            line.Append("?"u8);
            AppendQuoted(line, record.Query);
        }

        line.Append(" "u8);
        AppendQuoted(line, record.Protocol);
        line.Append("\" "u8);
        line.Append(record.Status);
        line.Append(" "u8);
        line.Append(record.BytesOut);
        line.Append("\n"u8);
    }

    /// <summary>Readers split at blanks, so a name has none.</summary>
    private static void AppendWord(LogLine line, string? word)
    {
        if (string.IsNullOrEmpty(word)) line.Append("-"u8);
        else AppendQuoted(line, word.Replace(' ', '_'));
    }

    private static void AppendQuoted(LogLine line, string text)
    {
        if (text.AsSpan().IndexOfAny('"', '\\') >= 0)
        {
            text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        }

        LogEscaping.Append(line, text);
    }
}
