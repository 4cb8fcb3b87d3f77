using System.Globalization;
using Harmony.Gateway.Logging;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;

namespace Harmony.Gateway.Telemetry;

/// <summary>
/// Sends log entries to a collector by OTLP: the entries that are written to the log, with their values, and with the trace and span in
/// which they were written. Entries of <c>log_dump</c>, which may hold patient data, are not sent.
/// </summary>
internal sealed class LogExport : IDisposable
{
    private readonly BatchLogRecordExportProcessor _processor;
    private readonly ILoggerFactory _loggers;

    /// <param name="exporter">Where to.</param>
    /// <param name="resource">Who says so.</param>
    public LogExport(OtlpExporterOptions exporter, ResourceBuilder resource)
    {
        _processor = new BatchLogRecordExportProcessor(new OtlpLogExporter(exporter));
        // Levels have been judged when an entry comes here.
        _loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddOpenTelemetry(options =>
        {
            options.SetResourceBuilder(resource);
            options.IncludeFormattedMessage = true;
            options.AddProcessor(_processor);
        }));
    }

    /// <summary>Hands an entry over without waiting; when the collector cannot keep up, entries are dropped.</summary>
    public void Write(in LogEntry entry)
    {
        if (DumpTarget.Is(entry.Category)) return;
        var message = entry.Message;
        var logger = _loggers.CreateLogger(entry.Category);
        if (logger.IsEnabled(entry.Level)) logger.Log(entry.Level, entry.EventId, AttributesOf(entry), entry.Exception, (_, _) => message);
    }

    /// <summary>Sends what has been gathered, then no more.</summary>
    public void End(int milliseconds) => _processor.Shutdown(milliseconds);

    public void Dispose() => _loggers.Dispose();

    /// <summary>Values are made text here, because they may change before they are sent. A value of the message stands before one of a scope.</summary>
    private static List<KeyValuePair<string, object?>> AttributesOf(in LogEntry entry)
    {
        var values = FieldList.Of(entry.Fields);
        var attributes = new List<KeyValuePair<string, object?>>();
        if (entry.EventId.Id != 0) attributes.Add(new("event_id", entry.EventId.Id));
        foreach (var (name, value) in values) attributes.Add(new(name, AttributeOf(value)));
        foreach (var (name, value) in FieldList.Of(entry.Scopes))
        {
            if (!values.Contains(name)) attributes.Add(new(name, AttributeOf(value)));
        }

        return attributes;
    }

    private static object? AttributeOf(object? value)
        => value is null or string or bool or int or long or double ? value : Convert.ToString(value, CultureInfo.InvariantCulture);
}

/// <summary>Holds the export of log entries, which a reload may replace while lines are written; empty where none are sent.</summary>
internal sealed class LogExportSlot
{
    private volatile LogExport? _current;

    /// <summary>What takes the entries.</summary>
    public LogExport? Current
    {
        get => _current;
        set => _current = value;
    }
}
