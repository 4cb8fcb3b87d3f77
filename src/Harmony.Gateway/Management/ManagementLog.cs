using System.Net;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Management;

/// <summary>Log messages of the management API, ids 1150 to 1199, target <c>harmony.management</c>. Never a token.</summary>
internal static partial class ManagementLog
{
    [LoggerMessage(EventId = 1150, Level = LogLevel.Information, Message = "{Operation} by {Operator} from {Address}")]
    public static partial void Changed(ILogger logger, string operation, string @operator, IPAddress? address);

    [LoggerMessage(EventId = 1151, Level = LogLevel.Warning, Message = "{Operation} from {Address} was refused: {Reason}")]
    public static partial void Refused(ILogger logger, string operation, IPAddress? address, string reason);

    [LoggerMessage(EventId = 1152, Level = LogLevel.Information, Message = "a token for the management API was made; it stands in '{File}'")]
    public static partial void TokenMade(ILogger logger, string file);

    [LoggerMessage(EventId = 1153, Level = LogLevel.Error, Message = "there is no token for the management API, so nothing can be changed by it: '{File}': {Reason}")]
    public static partial void NoToken(ILogger logger, string file, string reason);

    [LoggerMessage(EventId = 1154, Level = LogLevel.Error, Message = "{Operation} failed in a way that nobody foresaw; please report it")]
    public static partial void Unforeseen(ILogger logger, string operation, Exception cause);
}
