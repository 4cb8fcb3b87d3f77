using System.Net;
using Microsoft.Extensions.Logging;

namespace Harmony.Access.Authentication;

/// <summary>Log messages of authentication, ids 2300 to 2399, target <c>harmony.auth</c>. No token, key, password or name of a user.</summary>
internal static partial class AuthLog
{
    [LoggerMessage(EventId = 2301, Level = LogLevel.Information, Message = "middleware '{Middleware}' refused a request without credentials")]
    public static partial void Missing(ILogger logger, string middleware);

    [LoggerMessage(EventId = 2302, Level = LogLevel.Warning, Message = "middleware '{Middleware}' refused credentials from {ClientIp}: {Reason}")]
    public static partial void Refused(ILogger logger, string middleware, IPAddress? clientIp, string reason);

    [LoggerMessage(EventId = 2303, Level = LogLevel.Error, Message = "middleware '{Middleware}' cannot check credentials and answers 503: {Reason}")]
    public static partial void Unknown(ILogger logger, string middleware, string reason);

    [LoggerMessage(EventId = 2304, Level = LogLevel.Information, Message = "middleware '{Middleware}' has {Count} keys from '{Host}'")]
    public static partial void KeysFetched(ILogger logger, string middleware, int count, string host);

    [LoggerMessage(EventId = 2305, Level = LogLevel.Warning, Message = "middleware '{Middleware}' could not fetch keys and goes on with the {Count} it has: {Reason}")]
    public static partial void KeysNotFetched(ILogger logger, string middleware, int count, string reason);

    [LoggerMessage(EventId = 2306, Level = LogLevel.Warning, Message = "middleware '{Middleware}' answered {Count} requests 503, because too many passwords wait to be checked; somebody may be guessing")]
    public static partial void TurnedAway(ILogger logger, string middleware, long count);

    [LoggerMessage(EventId = 2307, Level = LogLevel.Warning, Message = "middleware '{Middleware}' goes by what its files hold now, though the configuration as a whole was not reloaded")]
    public static partial void Renewed(ILogger logger, string middleware);

    [LoggerMessage(EventId = 2308, Level = LogLevel.Error, Message = "middleware '{Middleware}' goes on with the credentials it has, because a file of its cannot be read: what has been taken out of the file stays in force")]
    public static partial void NotRenewed(ILogger logger, string middleware);
}
