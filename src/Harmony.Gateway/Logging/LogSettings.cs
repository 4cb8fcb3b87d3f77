using Harmony.Gateway.Telemetry;

namespace Harmony.Gateway.Logging;

/// <summary>Where log lines go and how they look. Which lines are written is the business of <see cref="LogLevels"/>.</summary>
/// <param name="Format">The format of standard output and of the file. Default: text.</param>
/// <param name="FilePath">A file that gets every line too; lines are added to what it holds, and its folders are created. Default: none.</param>
public sealed record LogSettings(LogFormat Format = LogFormat.Text, string? FilePath = null)
{
    /// <summary>Bytes after which the file is put aside. Default: 100 MiB.</summary>
    public long MaxFileBytes { get; init; } = 100 << 20;

    /// <summary>Files kept that were put aside. Default: 5.</summary>
    public int KeepFiles { get; init; } = 5;

    /// <summary>Lines that may wait for a slow output before new ones are dropped. Default: 16384.</summary>
    public int QueueCapacity { get; init; } = 16_384;

    /// <summary>How long the gateway waits at its end for lines to be written. Default: 10 s.</summary>
    public TimeSpan ShutdownLimit { get; init; } = LogWriter.DefaultShutdownLimit;

    /// <summary>
    /// Exceptions that say all there is to say in their message, besides I/O errors, timeouts and cancellations:
    /// an error with one of these is logged without its stack.
    /// </summary>
    public Func<Exception, bool> IsOrdinaryFault { get; init; } = static _ => false;

    /// <summary>Gets every entry that is written, beside the outputs.</summary>
    internal LogExportSlot Export { get; init; } = new();

    /// <summary>Keeps the last lines.</summary>
    internal RecentLines Recent { get; init; } = new();
}

/// <summary>How a log line looks: the <c>format</c> key of <c>[logging]</c>.</summary>
public enum LogFormat
{
    /// <summary>One line for people; exceptions follow on indented lines.</summary>
    Text,

    /// <summary>One JSON object per line, for log collectors.</summary>
    Json,
}
