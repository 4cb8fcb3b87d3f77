using System.Text.Json.Nodes;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Management.Access;

namespace Harmony.Gateway.Management;

/// <summary>The operations in the words of OpenAPI 3.1, for tools that make clients.</summary>
internal static class OpenApiDocument
{
    public static JsonObject Of(IReadOnlyList<Operation> operations, string prefix)
    {
        var paths = new JsonObject();
        foreach (var path in operations.GroupBy(o => o.Path))
        {
            var methods = new JsonObject();
            foreach (var operation in path) methods[operation.Method.ToLowerInvariant()] = Of(operation);
            paths["/" + path.Key] = methods;
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "Harmony management API", ["version"] = Banner.Version },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = prefix }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = ResponseSchemas.All(),
                ["securitySchemes"] = new JsonObject
                {
                    ["adminToken"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                },
            },
        };
    }

    private static JsonObject Of(Operation operation)
    {
        var shown = new JsonObject
        {
            ["operationId"] = $"{operation.Method.ToLowerInvariant()}_{operation.Path.Replace('/', '_').Replace("{", "").Replace("}", "")}",
            ["summary"] = operation.Summary,
        };
        JsonNode[] parameters = [.. operation.Parameters.Select(p => Parameter(p, "path")), .. operation.QueryParameters.Select(p => Parameter(p, "query"))];
        if (parameters.Length > 0) shown["parameters"] = new JsonArray(parameters);
        if (operation.BodySchema is { } schema) shown["requestBody"] = Body(schema);
        if (operation.Need == AccessNeed.Changing) shown["security"] = new JsonArray(new JsonObject { ["adminToken"] = new JsonArray() });
        shown["responses"] = new JsonObject
        {
            [$"{operation.Status}"] = Response("Success.", operation.MediaType, operation.Response),
            ["default"] = Response("What went wrong.", "application/json", ResponseSchemas.Error),
        };
        return shown;
    }

    private static JsonObject Response(string description, string mediaType, string? schema) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject
        {
            [mediaType] = schema is null
            ? new JsonObject() : new JsonObject { ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{schema}" } }
        },
    };

    private static JsonObject Parameter(string name, string place) => new()
    {
        ["name"] = name, ["in"] = place, ["required"] = place == "path", ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Body(string schema) => new()
    {
        ["required"] = true,
        ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = JsonNode.Parse(schema) } },
    };
}
