using Microsoft.Extensions.Logging;

namespace Harmony.Http.Services.Targets;

/// <summary>Log messages about targets, of every protocol: ids 2101 to 2103 and 2105, target <c>harmony.forward</c>.</summary>
internal static partial class TargetLog
{
    /// <summary>The logger that takes them.</summary>
    public const string Category = "harmony.forward";

    [LoggerMessage(EventId = 2101, Level = LogLevel.Warning, Message = "target '{Target}' of backend '{Backend}' is down since {Since:u}: it failed {Failures} times in a row and gets no requests for {Seconds} s, then one at a time: {Reason}")]
    public static partial void TargetEjected(ILogger logger, string target, string backend, int failures, int seconds, DateTimeOffset since, string reason);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "target '{Target}' of backend '{Backend}' is down since {Since:u}: it failed {Count} health checks in a row and {Consequence}: {Reason}")]
    public static partial void TargetIll(ILogger logger, string target, string backend, int count, string consequence, DateTimeOffset since, string reason);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Information, Message = "target '{Target}' of backend '{Backend}' is back after {Outage}")]
    public static partial void TargetWell(ILogger logger, string target, string backend, string outage);

    [LoggerMessage(EventId = 2105, Level = LogLevel.Warning, Message = "target '{Target}' of backend '{Backend}' is down since {Since:u}; it is asked all the same, because there is no other: {Reason}")]
    public static partial void OnlyTargetDown(ILogger logger, string target, string backend, DateTimeOffset since, string reason);
}
