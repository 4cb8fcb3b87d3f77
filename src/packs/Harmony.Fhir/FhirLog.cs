using Microsoft.Extensions.Logging;

namespace Harmony.Fhir;

/// <summary>Log messages of the FHIR pack: elements and codes, never values.</summary>
internal static partial class FhirLog
{
    /// <summary>The target of these log lines.</summary>
    public const string Target = "harmony.fhir";

    [LoggerMessage(EventId = 3401, Level = LogLevel.Warning,
        Message = "middleware '{Middleware}': a {Message} is no valid FHIR: {Issues} issues, the first is {Code} at {Expression}")]
    public static partial void Invalid(ILogger logger, string middleware, string message, int issues, string expression, string code);

    [LoggerMessage(EventId = 3402, Level = LogLevel.Warning,
        Message = "middleware '{Middleware}': '{Subject}' broke the glass for {Interaction} of {Type} (request {RequestId})")]
    public static partial void GlassBroken(ILogger logger, string middleware, string subject, string interaction, string type, string requestId);
}
