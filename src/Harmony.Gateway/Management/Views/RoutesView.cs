using System.Text.Json.Nodes;
using Harmony.Core.Runtime;

namespace Harmony.Gateway.Management.Views;

/// <summary>Which paths lead where.</summary>
internal static class RoutesView
{
    public static JsonObject Of(GatewaySnapshot snapshot) => new()
    {
        ["routes"] = new JsonArray([.. snapshot.Pipelines.SelectMany(p => p.Endpoints.SelectMany(e => Of(p, e)))]),
    };

    /// <summary>A path is one route, whatever the methods.</summary>
    private static IEnumerable<JsonNode> Of(PipelineModel pipeline, EndpointModel endpoint)
        => endpoint.Claims.GroupBy(c => (c.Pattern.Text, c.IsPrefix)).Select(JsonNode (claims) => new JsonObject
        {
            ["path"] = claims.Key.Text,
            ["prefix"] = claims.Key.IsPrefix,
            ["methods"] = new JsonArray([.. claims.Select(c => (JsonNode)(c.Method ?? "*"))]),
            ["description"] = pipeline.Description,
            ["endpoint_name"] = endpoint.Name,
            ["service_type"] = endpoint.Service,
            ["pipeline"] = pipeline.Name,
            ["networks"] = new JsonArray([.. pipeline.Networks.Select(n => (JsonNode)n)]),
        });
}
