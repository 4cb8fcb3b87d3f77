using System.Buffers;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Logging;

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
