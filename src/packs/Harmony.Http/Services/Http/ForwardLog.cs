using Microsoft.Extensions.Logging;

namespace Harmony.Http.Services.Http;

/// <summary>Log messages of the forwarder, ids 2104 to 2199, target <c>harmony.forward</c>.</summary>
internal static partial class ForwardLog
{
    [LoggerMessage(EventId = 2104, Level = LogLevel.Debug, Message = "backend '{Backend}' tries again ({Attempt} of {MaxRetries}): {Reason}")]
    public static partial void Retrying(ILogger logger, string backend, int attempt, int maxRetries, string reason);
}
