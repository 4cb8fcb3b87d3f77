using Harmony.Gateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Logging;

/// <summary>Puts the logging of the gateway together.</summary>
public static class LoggingSetup
{
    /// <summary>
    /// A factory whose loggers write to standard output and, if set, to a file. Its disposal writes what is queued, for two
    /// seconds at most. A file that cannot be opened is reported on standard error; the gateway runs without it.
    /// </summary>
    public static ILoggerFactory Create(LogSettings settings, LogLevels levels, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var colours = settings.Format == LogFormat.Text && TerminalColours.AreWanted(Environment.GetEnvironmentVariable);
        Action<string> complain = message => Complain(Console.Error, message);
        return Create(settings, levels, clock, new StreamSink(Console.OpenStandardOutput(), "standard output", colours, complain), complain);
    }

    /// <summary>The same with an output and a way to complain of the caller's choice.</summary>
    internal static ILoggerFactory Create(LogSettings settings, LogLevels levels, TimeProvider clock, ILogSink output, Action<string> complain)
    {
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentNullException.ThrowIfNull(clock);

        // The file first: a terminal that stands still then holds back nothing that was taken from the queue.
        List<ILogSink> sinks = settings.FilePath is { } path
            && RotatingFileSink.TryOpen(path, settings.MaxFileBytes, settings.KeepFiles, complain, clock) is { } file ? [file, output] : [output];
        ILogFormatter formatter = settings.Format == LogFormat.Json ? new JsonLogFormatter() : new TextLogFormatter();
        var writer = new LogWriter(sinks, settings.QueueCapacity, complain, count => Dropped(count, formatter, clock), settings.ShutdownLimit);

        // Added, not passed to the constructor: the factory disposes only what is added.
        // Its own filter lets everything through; LogLevels alone decides, so that a change needs no restart.
        var factory = new LoggerFactory([], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        factory.AddProvider(new HarmonyLoggerProvider(levels, formatter, writer, clock, settings));
        return factory;
    }

    private static LogLine Dropped(long count, ILogFormatter formatter, TimeProvider clock)
    {
        var line = new LogLine(LogLevel.Warning);
        var entry = new LogEntry
        {
            Time = clock.GetUtcNow(),
            Level = LogLevel.Warning,
            Category = "harmony.log",
            Message = $"{count} log lines dropped",
            Fields = [KeyValuePair.Create<string, object?>("dropped", count)],
        };
        formatter.Format(entry, line);
        return line;
    }

    private static void Complain(TextWriter error, string message)
    {
        try
        {
            error.WriteLine($"harmony: {message}");
        }
        catch (IOException)
        {
            // Standard error has no reader either.
        }
    }
}

/// <summary>Opens the log file.</summary>
internal static class LogFile
{
    /// <summary>A file at <paramref name="path"/> to add lines to, with its folders; null, with a complaint, when that cannot be.</summary>
    /// <param name="path">The file.</param>
    /// <param name="complain">Tells the operator.</param>
    public static StreamSink? TryOpen(string path, Action<string> complain)
    {
        try
        {
            var full = Path.GetFullPath(path);
            Directory.CreateDirectory(Path.GetDirectoryName(full) ?? full);
            return new StreamSink(new FileStream(full, Options()), $"'{path}'", colours: false, complain);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            complain($"cannot open the log file '{path}': {exception.Message}");
            return null;
        }
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append, // after a crash, the last lines before it are what one wants to read
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete, // to be followed and rotated
            BufferSize = 0, // the sink writes in batches
        };

        // Dumps may be in it: other users of the machine must not read it.
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        return options;
    }
}

/// <summary>What the loggers of all categories share; its disposal writes what is still queued.</summary>
internal sealed class HarmonyLoggerProvider(
    LogLevels levels, ILogFormatter formatter, LogWriter writer, TimeProvider clock, LogSettings settings)
    : ILoggerProvider, ISupportExternalScope
{
    /// <summary>Decides what is written.</summary>
    public LogLevels Levels => levels;

    /// <summary>Makes the lines.</summary>
    public ILogFormatter Formatter => formatter;

    /// <summary>Takes the lines.</summary>
    public LogWriter Writer => writer;

    /// <summary>Gives the times.</summary>
    public TimeProvider Clock => clock;

    /// <summary>The scopes of the running call; the logger factory sets it before the first line.</summary>
    public IExternalScopeProvider? Scopes { get; private set; }

    /// <summary>Whether an error with this exception is logged without its stack.</summary>
    public bool IsOrdinaryFault(Exception exception) => LogException.IsOrdinary(exception) || settings.IsOrdinaryFault(exception);

    /// <summary>Gets every entry, beside the writer; null when entries are not exported.</summary>
    public LogExport? Export => settings.Export.Current;

    /// <summary>Keeps the last lines.</summary>
    public RecentLines Recent => settings.Recent;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new CategoryLogger(categoryName, this);

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => Scopes = scopeProvider;

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();
}
