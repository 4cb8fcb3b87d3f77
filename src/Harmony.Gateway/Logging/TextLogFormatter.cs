using System.Buffers;
using Harmony.Core.Faults;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Logging;

/// <summary>Turns entries into lines. Called by many threads at once.</summary>
internal interface ILogFormatter
{
    /// <summary>Writes <paramref name="entry"/> to <paramref name="line"/>, with the final line feed.</summary>
    void Format(in LogEntry entry, LogLine line);
}

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
        if (entry.Exception is not null) FormatException(entry, entry.Exception, line);
    }

    private static void FormatException(in LogEntry entry, Exception exception, LogLine line)
    {
        var lead = "    "u8;
        var showStack = entry.ShowStack;
        foreach (var link in LogException.Chain(exception))
        {
            // A fault whose message the line has said already has nothing more to say but its cause.
            if (ReferenceEquals(link, exception) && !showStack && link is GatewayException && entry.Message.EndsWith(link.Message, StringComparison.Ordinal))
            {
                lead = "    caused by "u8;
                continue;
            }

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

/// <summary>Paints lines of <see cref="TextLogFormatter"/> for terminals: the time faint, the level in its colour.</summary>
internal static class TerminalColours
{
    private const int LevelWidth = 5;

    /// <summary>Whether people look at standard output and have not asked for plain text (https://no-color.org).</summary>
    public static bool AreWanted(Func<string, string?> environment)
        => !Console.IsOutputRedirected && string.IsNullOrEmpty(environment("NO_COLOR")) && environment("TERM") != "dumb";

    /// <summary>Copies a line, painted.</summary>
    public static void Write(LogLine line, IBufferWriter<byte> output)
    {
        var bytes = line.Bytes;
        const int levelStart = TextLogFormatter.TimeWidth + 1;

        output.Write("\e[2m"u8);
        output.Write(bytes[..levelStart]);
        output.Write("\e[0m"u8);
        output.Write(ColourOf(line.Level));
        output.Write(bytes.Slice(levelStart, LevelWidth));
        output.Write("\e[0m"u8);
        output.Write(bytes[(levelStart + LevelWidth)..]);
    }

    private static ReadOnlySpan<byte> ColourOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "\e[35m"u8, // magenta
        LogLevel.Debug => "\e[34m"u8, // blue
        LogLevel.Information => "\e[32m"u8, // green
        LogLevel.Warning => "\e[33m"u8, // yellow
        _ => "\e[31m"u8, // red
    };
}
