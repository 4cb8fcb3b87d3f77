using System.Text.Json.Nodes;
using Harmony.Core.Configuration.Toml;
using Harmony.Core.Runtime;

namespace Harmony.Gateway.Management.Views;

/// <summary>The pipelines by the names of their parts.</summary>
internal static class PipelinesView
{
    public static JsonObject Of(GatewaySnapshot snapshot) => new() { ["pipelines"] = new JsonArray([.. snapshot.Pipelines.Select(p => Of(p, snapshot))]) };

    private static JsonObject Of(PipelineModel pipeline, GatewaySnapshot snapshot)
    {
        var shown = new JsonObject
        {
            ["id"] = pipeline.Name,
            ["description"] = pipeline.Description,
            ["networks"] = Names(pipeline.Networks),
            ["endpoints"] = Names(pipeline.Endpoints.Select(e => e.Name)),
            ["backends"] = Names(pipeline.Backends.Select(b => b.Name)),
        };
        // As it is written: one list for both ways, or one for each.
        if (snapshot.Config.Pipelines.FirstOrDefault(p => p.Name == pipeline.Name)?.Section.Middleware is TomlTable)
        {
            shown["middleware_left"] = Names(pipeline.Left.Select(s => s.Name));
            shown["middleware_right"] = Names(pipeline.Right.Select(s => s.Name));
        }
        else
        {
            shown["middleware"] = Names(pipeline.Left.Select(s => s.Name).Union(pipeline.Right.Reverse().Select(s => s.Name)));
        }

        shown["active"] = pipeline.InactiveReason is null;
        shown["inactive_reason"] = pipeline.InactiveReason;
        return shown;
    }

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(n => (JsonNode)n)]);
}
