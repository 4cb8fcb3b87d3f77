using System.Text.Json.Nodes;
using Harmony.Jolt;
using Microsoft.Extensions.Logging;

namespace Harmony.Data.Middleware.Transform;

/// <summary>Log messages of transformations, ids 2400 to 2499, target <c>harmony.transform</c>. Never a value of a document.</summary>
internal static partial class TransformLog
{
    [LoggerMessage(EventId = 2401, Level = LogLevel.Debug, Message = "middleware '{Middleware}' applies '{Spec}' ({Operations}); {Input}")]
    public static partial void Loaded(ILogger logger, string middleware, string spec, string operations, string input);

    [LoggerMessage(EventId = 2402, Level = LogLevel.Warning, Message = "middleware '{Middleware}' let the {Document} pass as it is: {Reason}")]
    public static partial void PassedUnchanged(ILogger logger, string middleware, string document, string reason);

    [LoggerMessage(EventId = 2403, Level = LogLevel.Debug, Message = "middleware '{Middleware}': operation {Index} ({Operation}) left {Shape}")]
    public static partial void AfterOperation(ILogger logger, string middleware, int index, string operation, string shape);
}

/// <summary>Logs what each operation leaves, for <c>debug = true</c>: kind and size, for the rest may be patient data.</summary>
internal sealed class OperationLog(ILogger logger, string middleware) : IJoltTrace
{
    public void AfterOperation(int index, string operation, JsonNode? document)
    {
        var shape = Shape(document);
        TransformLog.AfterOperation(logger, middleware, index, operation, shape);
    }

    private static string Shape(JsonNode? document) => document switch
    {
        null => "null",
        JsonObject members => $"an object with {members.Count} members",
        JsonArray items => $"an array of {items.Count}",
        _ => $"a value of kind {document.GetValueKind()}",
    };
}
