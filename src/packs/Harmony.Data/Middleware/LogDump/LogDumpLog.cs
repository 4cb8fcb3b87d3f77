using Microsoft.Extensions.Logging;

namespace Harmony.Data.Middleware.LogDump;

/// <summary>The one message of <c>log_dump</c>, id 2601, target <c>harmony.dump</c>. The only one that holds payloads, and only where a pipeline asks for it.</summary>
internal static partial class LogDumpLog
{
    [LoggerMessage(EventId = 2601, Level = LogLevel.Information, Message = "{Label} {Side}: {Dump}")]
    public static partial void Dumped(ILogger logger, string label, string side, string dump);
}
