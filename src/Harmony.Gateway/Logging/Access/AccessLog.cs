using System.Diagnostics.Metrics;
using Harmony.Core.Configuration;
using Harmony.Core.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Logging.Access;

/// <summary>
/// The access log: a line for each request, written by a thread of its own. When the output cannot keep up, lines are dropped and counted;
/// requests never wait. Its disposal writes what is queued.
/// </summary>
internal sealed class AccessLog : IAccessLog, IDisposable
{
    private const int QueueCapacity = 16_384;

    private static readonly Counter<long> Dropped =
        HarmonyMetrics.Meter.CreateCounter<long>("harmony.access_log.dropped", "{line}",
            "Lines of the access log that were not written, because the output could not keep up.");

    private readonly IAccessFormatter _formatter;
    private readonly LogWriter _writer;
    private readonly bool _writesProbes;

    /// <summary>Starts it on an output, which it closes at its end.</summary>
    /// <param name="section">How lines look.</param>
    /// <param name="output">Where they go.</param>
    /// <param name="logger">Is told of lines that were dropped.</param>
    /// <param name="complain">Tells the operator by other means.</param>
    /// <param name="queueCapacity">Lines that may wait.</param>
    public AccessLog(AccessLogSection section, ILogSink output, ILogger logger, Action<string> complain, int queueCapacity = QueueCapacity)
    {
        _writesProbes = section.Probes;
        _formatter = section.Format == "common"
            ? new CommonAccessFormatter(section.Fields.Contains("query"))
            : new JsonAccessFormatter(section.Fields, new ValueHash(section.HashKey));
        _writer = new LogWriter([output], queueCapacity, complain, count =>
        {
            Dropped.Add(count);
            AccessLogLog.Dropped(logger, count);
            return null;
        });
    }

    /// <summary>The access log of a configuration; null where none is wanted, or where its file cannot be opened.</summary>
    public static AccessLog? Open(AccessLogSection section, ILogger logger)
    {
        if (!section.Enabled) return null;
        Action<string> complain = message => AccessLogLog.Failing(logger, message);
        ILogSink? output = section.Target == "stdout"
            ? new StreamSink(Console.OpenStandardOutput(), "standard output", colours: false, complain)
            : RotatingFileSink.TryOpen(section.Target, section.MaxSizeMb * 1024L * 1024, section.KeepFiles, complain, TimeProvider.System);
        return output is null ? null : new AccessLog(section, output, logger, complain);
    }

    /// <inheritdoc/>
    public void Write(in AccessRecord record)
    {
        if (!_writesProbes && IsProbe(record)) return;
        var line = new LogLine(LogLevel.Information);
        _formatter.Format(record, line);
        _writer.Post(line);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private static bool IsProbe(in AccessRecord record)
        => record is { Pipeline: ManagementTables.Name, Method: "GET" or "HEAD", Status: < 400 or 503 }
            && (record.Path.EndsWith("/metrics", StringComparison.Ordinal) || record.Path.Contains("/health/", StringComparison.Ordinal));
}

/// <summary>Log messages about the access log, ids 1200 to 1299, target <c>harmony.access</c>.</summary>
internal static partial class AccessLogLog
{
    [LoggerMessage(EventId = 1201, Level = LogLevel.Warning, Message = "lines of the access log dropped because its output is too slow: {Count}")]
    public static partial void Dropped(ILogger logger, long count);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Error, Message = "the access log has a problem: {Reason}")]
    public static partial void Failing(ILogger logger, string reason);
}
