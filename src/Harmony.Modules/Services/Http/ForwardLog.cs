using Microsoft.Extensions.Logging;

namespace Harmony.Modules.Services.Http;

/// <summary>Log messages of the forwarder, ids 2100 to 2199, target <c>harmony.forward</c>.</summary>
internal static partial class ForwardLog
{
    [LoggerMessage(EventId = 2101, Level = LogLevel.Warning, Message = "target '{Target}' of backend '{Backend}' failed {Failures} times in a row and gets no requests for {Seconds} s")]
    public static partial void TargetEjected(ILogger logger, string target, string backend, int failures, int seconds);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "target '{Target}' failed {Count} health checks in a row and gets no requests")]
    public static partial void TargetIll(ILogger logger, string target, int count);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Information, Message = "target '{Target}' answers its health checks and gets requests again")]
    public static partial void TargetWell(ILogger logger, string target);

    [LoggerMessage(EventId = 2104, Level = LogLevel.Warning, Message = "backend '{Backend}' tries again ({Attempt} of {MaxRetries}): {Reason}")]
    public static partial void Retrying(ILogger logger, string backend, int attempt, int maxRetries, string reason);
}
