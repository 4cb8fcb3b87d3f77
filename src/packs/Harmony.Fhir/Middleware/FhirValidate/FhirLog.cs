using Microsoft.Extensions.Logging;

namespace Harmony.Fhir.Middleware.FhirValidate;

/// <summary>What the FHIR pack logs: elements and codes, never values.</summary>
internal static partial class FhirLog
{
    /// <summary>The target of its lines.</summary>
    public const string Target = "harmony.fhir";

    [LoggerMessage(EventId = 3401, Level = LogLevel.Warning,
        Message = "middleware '{Middleware}': a {Message} is no valid FHIR: {Issues} issues, the first is {Code} at {Expression}")]
    public static partial void Invalid(ILogger logger, string middleware, string message, int issues, string expression, string code);
}
