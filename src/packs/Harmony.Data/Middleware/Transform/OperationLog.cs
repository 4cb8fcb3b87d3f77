using System.Text.Json.Nodes;
using Harmony.Jolt;
using Microsoft.Extensions.Logging;

namespace Harmony.Data.Middleware.Transform;

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
