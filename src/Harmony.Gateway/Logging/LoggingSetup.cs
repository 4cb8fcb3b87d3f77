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
        List<ILogSink> sinks = settings.FilePath is { } path && RotatingFileSink.TryOpen(path, settings.MaxFileBytes, settings.KeepFiles, complain, clock) is { } file ? [file, output] : [output];
        ILogFormatter formatter = settings.Format == LogFormat.Json ? new JsonLogFormatter() : new TextLogFormatter();
        var writer = new LogWriter(sinks, settings.QueueCapacity, complain, count => Dropped(count, formatter, clock));

        // Added, not passed to the constructor: the factory disposes only what is added.
        // Its own filter lets everything through; LogLevels alone decides, so that a change needs no restart.
        var factory = new LoggerFactory([], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        factory.AddProvider(new HarmonyLoggerProvider(levels, formatter, writer, clock, settings.IsOrdinaryFault));
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
            // Nobody listens there either.
        }
    }
}
