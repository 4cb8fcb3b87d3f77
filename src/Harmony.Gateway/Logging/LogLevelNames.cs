using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Logging;

/// <summary>The words for levels in configuration, environment and output.</summary>
internal static class LogLevelNames
{
    /// <summary>The words a user may write, for messages.</summary>
    public const string Choices = "off, error, warn, info, debug or trace";

    /// <summary>Reads a level as users write it, in any case.</summary>
    public static bool TryParse(string text, out LogLevel level)
    {
        LogLevel? found = text.ToLowerInvariant() switch
        {
            "trace" => LogLevel.Trace,
            "debug" => LogLevel.Debug,
            "info" => LogLevel.Information,
            "warn" => LogLevel.Warning,
            "error" => LogLevel.Error,
            "off" => LogLevel.None,
            _ => null,
        };
        level = found.GetValueOrDefault();
        return found is not null;
    }

    /// <summary>The word of a level: <c>info</c>.</summary>
    public static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        LogLevel.Critical => "fatal",
        _ => "off",
    };

    /// <summary>The word of a level as a column of five characters, so that what follows stands in line.</summary>
    public static ReadOnlySpan<byte> ColumnOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE"u8,
        LogLevel.Debug => "DEBUG"u8,
        LogLevel.Information => " INFO"u8,
        LogLevel.Warning => " WARN"u8,
        LogLevel.Error => "ERROR"u8,
        _ => "FATAL"u8,
    };
}
