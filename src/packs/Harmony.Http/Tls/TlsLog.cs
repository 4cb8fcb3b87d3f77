using Microsoft.Extensions.Logging;

namespace Harmony.Http.Tls;

/// <summary>Log messages about certificates of listeners, ids 2200 to 2299, target <c>harmony.tls</c>.</summary>
internal static partial class TlsLog
{
    [LoggerMessage(EventId = 2201, Level = LogLevel.Information, Message = "network '{Network}' shows the certificates that its files hold now; the first expires on {Until:yyyy-MM-dd}")]
    public static partial void Renewed(ILogger logger, string network, DateTime until);

    [LoggerMessage(EventId = 2202, Level = LogLevel.Error, Message = "network '{Network}' keeps the certificates it has, because those that its files hold now cannot be used: {Reason}")]
    public static partial void Refused(ILogger logger, string network, string reason);
}
