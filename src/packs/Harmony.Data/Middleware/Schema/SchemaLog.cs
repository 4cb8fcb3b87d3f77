using Microsoft.Extensions.Logging;

namespace Harmony.Data.Middleware.Schema;

/// <summary>Log messages of <c>schema</c>, ids 2800 to 2899, target <c>harmony.schema</c>. Places in schemas, never in bodies: names there may be a patient's.</summary>
internal static partial class SchemaLog
{
    [LoggerMessage(EventId = 2801, Level = LogLevel.Warning, Message = "a body on the {Side} side does not fit the schema of '{Middleware}' and passes, as 'on_violation' says: {Places}")]
    public static partial void Passed(ILogger logger, string side, string middleware, string places);
}
