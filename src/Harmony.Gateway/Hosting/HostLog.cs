using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Hosting;

/// <summary>Log messages of the host, ids 1000 to 1099, target <c>harmony</c>.</summary>
internal static partial class HostLog
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "started on {ConfigFile}; listeners: {Listeners}, pipelines: {Pipelines}")]
    public static partial void Started(ILogger logger, string configFile, int listeners, int pipelines);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "stopping: no new connections; requests that may finish: {InFlight}")]
    public static partial void Stopping(ILogger logger, int inFlight);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "requests that did not finish in time and were cut off: {InFlight}")]
    public static partial void CutOff(ILogger logger, int inFlight);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Information, Message = "stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Information, Message = "draining: not ready any more; listeners close after {DelaySecs} s; requests under way: {InFlight}")]
    public static partial void Draining(ILogger logger, int delaySecs, int inFlight);

    [LoggerMessage(EventId = 1007, Level = LogLevel.Error, Message = "the listener {Url} did not close as it should; please report it")]
    public static partial void ListenerFailed(ILogger logger, Exception cause, string url);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Warning, Message = "systemd was not told how the service is doing: {Reason}")]
    public static partial void NotNotified(ILogger logger, string reason);

    [LoggerMessage(EventId = 1008, Level = LogLevel.Warning, Message = "the certificate '{File}' of [{UsedBy}] ends on {NotAfter:yyyy-MM-dd}; days left: {Days}")]
    public static partial void CertificateEnds(ILogger logger, string file, string usedBy, DateTime notAfter, int days);

    [LoggerMessage(EventId = 1009, Level = LogLevel.Error, Message = "the certificate '{File}' of [{UsedBy}] expired on {NotAfter:yyyy-MM-dd}")]
    public static partial void CertificateExpired(ILogger logger, string file, string usedBy, DateTime notAfter);
}
