using Microsoft.Extensions.Logging;

namespace Harmony.Http.Middleware.Webhook;

/// <summary>Log messages of <c>webhook</c>, ids 2700 to 2799, target <c>harmony.webhook</c>.</summary>
internal static partial class WebhookLog
{
    [LoggerMessage(EventId = 2701, Level = LogLevel.Warning, Message = "webhook '{Webhook}' could not deliver: {Reason}; since the last such line: {Count}")]
    public static partial void Failed(ILogger logger, string webhook, string reason, long count);

    [LoggerMessage(EventId = 2702, Level = LogLevel.Warning, Message = "webhook '{Webhook}' dropped documents because its queue of {QueueSize} is full; since the last such line: {Count}")]
    public static partial void QueueFull(ILogger logger, string webhook, int queueSize, long count);

    [LoggerMessage(EventId = 2703, Level = LogLevel.Warning, Message = "webhook '{Webhook}' stopped before all was delivered; lost: {Count}")]
    public static partial void Undelivered(ILogger logger, string webhook, int count);

    [LoggerMessage(EventId = 2704, Level = LogLevel.Debug, Message = "webhook '{Webhook}' delivered, status {Status}")]
    public static partial void Delivered(ILogger logger, string webhook, int status);
}
