using Microsoft.Extensions.Logging;

namespace Harmony.Http.Services.Targets;

/// <summary>Log messages about targets, of every protocol: ids 2101 to 2103, target <c>harmony.forward</c>.</summary>
internal static partial class TargetLog
{
    /// <summary>The logger that takes them.</summary>
    public const string Category = "harmony.forward";

    [LoggerMessage(EventId = 2101, Level = LogLevel.Warning, Message = "target '{Target}' of backend '{Backend}' failed {Failures} times in a row and gets no requests for {Seconds} s")]
    public static partial void TargetEjected(ILogger logger, string target, string backend, int failures, int seconds);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "target '{Target}' failed {Count} health checks in a row and gets no requests")]
    public static partial void TargetIll(ILogger logger, string target, int count);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Information, Message = "target '{Target}' answers its health checks and gets requests again")]
    public static partial void TargetWell(ILogger logger, string target);
}
