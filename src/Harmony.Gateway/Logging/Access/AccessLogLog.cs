using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Logging.Access;

/// <summary>Log messages about the access log, ids 1200 to 1299, target <c>harmony.access</c>.</summary>
internal static partial class AccessLogLog
{
    [LoggerMessage(EventId = 1201, Level = LogLevel.Warning, Message = "lines of the access log that were dropped because its output is too slow: {Count}")]
    public static partial void Dropped(ILogger logger, long count);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Error, Message = "the access log has a problem: {Reason}")]
    public static partial void Failing(ILogger logger, string reason);
}
