using Microsoft.Extensions.Logging;

namespace Harmony.Access.Middleware.Policies;

/// <summary>Log messages of <c>path_filter</c> and <c>policies</c>, ids 2500 to 2549, target <c>harmony.policies</c>. Rules by name, requests not at all.</summary>
internal static partial class PoliciesLog
{
    public const string Target = "harmony.policies";

    [LoggerMessage(EventId = 2501, Level = LogLevel.Debug, Message = "policies '{Middleware}': {Outcome}; rules in order: {Verdicts}")]
    public static partial void Judged(ILogger logger, string middleware, string outcome, string verdicts);

    [LoggerMessage(EventId = 2502, Level = LogLevel.Debug, Message = "path filter '{Middleware}' refused: {Reason} {Pattern}")]
    public static partial void Filtered(ILogger logger, string middleware, string reason, string pattern);

    [LoggerMessage(EventId = 2503, Level = LogLevel.Debug, Message = "policies '{Middleware}' is closed: {Reason}")]
    public static partial void Closed(ILogger logger, string middleware, string reason);
}
