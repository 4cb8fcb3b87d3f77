using Harmony.Core.Faults;
using Microsoft.Extensions.Logging;

namespace Harmony.Http.Adapters.Http;

/// <summary>Log messages of the HTTP adapter, ids 2000 to 2099, target <c>harmony.http</c>. Paths are left out: they hold patients' ids.</summary>
internal static partial class HttpLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Debug, Message = "{Method} through pipeline '{Pipeline}' answered {Status} in {ElapsedMs} ms")]
    public static partial void Answered(ILogger logger, string method, string pipeline, int status, double elapsedMs);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Information, Message = "{Method} on network '{Network}' refused with {Status}: {Reason}")]
    public static partial void Refused(ILogger logger, string method, string network, int status, string reason);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Debug, Message = "client closed the connection during {Method} through pipeline '{Pipeline}'")]
    public static partial void ClientGone(ILogger logger, string method, string pipeline);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Warning, Message = "{Method} through pipeline '{Pipeline}' answered {Status}: {Kind} fault of the {FaultSource}: {Reason}")]
    public static partial void ClientFault(ILogger logger, string method, string pipeline, int status, FaultKind kind, FaultSource faultSource, string reason);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Error, Message = "{Method} through pipeline '{Pipeline}' answered {Status}: {Kind} fault of the {FaultSource}: {Reason}")]
    public static partial void Fault(ILogger logger, string method, string pipeline, int status, FaultKind kind, FaultSource faultSource, string reason, Exception cause);

    [LoggerMessage(EventId = 2006, Level = LogLevel.Error, Message = "{Method} through pipeline '{Pipeline}' broke off in the middle of the answer: {Reason}")]
    public static partial void BrokenOff(ILogger logger, string method, string pipeline, string reason, Exception cause);

    [LoggerMessage(EventId = 2008, Level = LogLevel.Warning,
        Message = "{Method} refused with 508: pipeline '{Pipeline}' on network '{Network}' gets its own requests again; check where the URL of its backend leads")]
    public static partial void Loop(ILogger logger, string method, string pipeline, string network);

    [LoggerMessage(EventId = 2007, Level = LogLevel.Error, Message = "{Method} through pipeline '{Pipeline}' failed in a way that nobody foresaw; please report it")]
    public static partial void Unforeseen(ILogger logger, string method, string pipeline, Exception cause);
}
