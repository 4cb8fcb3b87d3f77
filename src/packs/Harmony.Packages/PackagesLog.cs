using Microsoft.Extensions.Logging;

namespace Harmony.Packages;

/// <summary>Log messages of JMIX packages, ids 3300 to 3399, target <c>harmony.jmix</c>. Identifiers of studies and patients are left out.</summary>
internal static partial class PackagesLog
{
    [LoggerMessage(EventId = 3301, Level = LogLevel.Information, Message = "the package store '{Root}' took up packages that its index did not have: {Count}")]
    public static partial void Reindexed(ILogger logger, string root, int count);

    [LoggerMessage(EventId = 3302, Level = LogLevel.Information, Message = "middleware '{Middleware}' built package {Id}: {Objects} objects, {Bytes} bytes")]
    public static partial void Built(ILogger logger, string middleware, Guid id, int objects, long bytes);

    [LoggerMessage(EventId = 3303, Level = LogLevel.Warning, Message = "middleware '{Middleware}' cannot build a package: {Reason}")]
    public static partial void NotBuilt(ILogger logger, string middleware, string reason);

    [LoggerMessage(EventId = 3305, Level = LogLevel.Error, Message = "middleware '{Middleware}' cannot use its store: {Reason}")]
    public static partial void NotStarted(ILogger logger, string middleware, string reason);

    [LoggerMessage(EventId = 3304, Level = LogLevel.Information, Message = "middleware '{Middleware}' took away packages over its limits: {Count}")]
    public static partial void Trimmed(ILogger logger, string middleware, int count);

    [LoggerMessage(EventId = 3306, Level = LogLevel.Information, Message = "middleware '{Middleware}' delivered package {Id} to the backend of '{Pipeline}'")]
    public static partial void Delivered(ILogger logger, string middleware, Guid id, string pipeline);

    [LoggerMessage(EventId = 3307, Level = LogLevel.Warning,
        Message = "middleware '{Middleware}' could not deliver package {Id} and tries again in {Seconds} s: {Reason}")]
    public static partial void NotDelivered(ILogger logger, string middleware, Guid id, double seconds, string reason);

    [LoggerMessage(
        EventId = 3308, Level = LogLevel.Error, Message = "middleware '{Middleware}' keeps package {Id}, which the backend of '{Pipeline}' refused: {Status}")]
    public static partial void DeliveryRefused(ILogger logger, string middleware, Guid id, string pipeline, int status);
}
