namespace Harmony.Gateway.Logging;

/// <summary>Turns entries into lines. Called by many threads at once.</summary>
internal interface ILogFormatter
{
    /// <summary>Writes <paramref name="entry"/> to <paramref name="line"/>, with the final line feed.</summary>
    void Format(in LogEntry entry, LogLine line);
}
