using System.Text.Json.Nodes;

namespace Harmony.Gateway.Management.Views;

/// <summary>The configuration in effect, as anybody may see it.</summary>
internal static class ConfigView
{
    public static JsonObject Of(IManagedGateway gateway)
    {
        var snapshot = gateway.Snapshot;
        return new JsonObject
        {
            ["version"] = gateway.Reloader.Status.Version,
            ["files"] = new JsonArray([.. snapshot.Config.Files.Select(f => (JsonNode)f.Name)]),
            ["environment_variables"] = new JsonArray([.. snapshot.Config.UsedVariables.Select(v => (JsonNode)v)]),
            ["config"] = new MaskedConfig(snapshot.Config, snapshot.Modules).All(),
        };
    }
}
