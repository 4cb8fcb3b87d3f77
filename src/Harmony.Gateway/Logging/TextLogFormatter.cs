namespace Harmony.Gateway.Logging;

/// <summary>
/// Lines for people: <c>2026-11-21T09:30:00.123Z  INFO harmony.http [4101] request_id=7f3a message</c>. What belongs to an
/// exception follows, indented, and so do the further lines of a dump, so that every line that begins with a time is an entry of ours.
/// </summary>
internal sealed class TextLogFormatter : ILogFormatter
{
    /// <summary>The column of the time takes this many bytes; the level begins one byte later.</summary>
    public const int TimeWidth = 24;

    /// <summary>How times look in both formats.</summary>
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <inheritdoc/>
    public void Format(in LogEntry entry, LogLine line)
    {
        line.Append(entry.Time.ToUniversalTime(), TimeFormat);
        line.Append(" "u8);
        line.Append(LogLevelNames.ColumnOf(entry.Level));
        line.Append(" "u8);
        LogEscaping.Append(line, entry.Category);
        if (entry.EventId.Id != 0)
        {
            line.Append(" ["u8);
            line.Append(entry.EventId.Id);
            line.Append("]"u8);
        }

        foreach (var (name, value) in FieldList.Of(entry.Scopes))
        {
            line.Append(" "u8);
            LogEscaping.Append(line, name);
            line.Append("="u8);
            LogEscaping.AppendValue(line, LogValue.TextOf(value));
        }

        line.Append(" "u8);
        if (DumpTarget.Is(entry.Category)) LogEscaping.AppendLines(line, entry.Message);
        else LogEscaping.Append(line, entry.Message);
        line.Append("\n"u8);
        if (entry.Exception is not null) FormatException(entry.Exception, entry.ShowStack, line);
    }

    private static void FormatException(Exception exception, bool showStack, LogLine line)
    {
        var lead = "    "u8;
        foreach (var link in LogException.Chain(exception))
        {
            line.Append(lead);
            LogEscaping.Append(line, link.GetType().FullName);
            line.Append(": "u8);
            LogEscaping.Append(line, link.Message);
            line.Append("\n"u8);
            if (showStack) FormatStack(link.StackTrace, line);
            lead = "    caused by "u8;
        }
    }

    private static void FormatStack(string? stack, LogLine line)
    {
        foreach (var frame in stack.AsSpan().EnumerateLines())
        {
            var text = frame.Trim();
            if (text.IsEmpty) continue;
            line.Append("        "u8);
            LogEscaping.Append(line, text);
            line.Append("\n"u8);
        }
    }
}
