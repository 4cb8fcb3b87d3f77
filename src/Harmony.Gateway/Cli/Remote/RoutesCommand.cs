using System.CommandLine;
using System.Text.Json.Nodes;

namespace Harmony.Gateway.Cli.Remote;

/// <summary><c>harmony routes</c>: what a running gateway serves.</summary>
internal static class RoutesCommand
{
    public static Command Create(Option<string> config) => new OperatorCommand(config).Complete(
        new Command("routes", "Print the routes of a running gateway."),
        async (session, _) =>
        {
            var answer = await session.GetAsync("routes");
            if (session.PrintJson(answer)) return 0;
            session.PrintTable(["network", "methods", "path", "pipeline", "endpoint", "service"], (answer["routes"] as JsonArray ?? []).Select(r => new[]
            {
                Joined(r!["networks"]), Joined(r["methods"]), $"{r["path"]}{(r["prefix"]?.GetValue<bool>() == true ? " and below" : "")}", $"{r["pipeline"]}",
                $"{r["endpoint_name"]}", $"{r["service_type"]}",
            }));
            return 0;
        });

    private static string Joined(JsonNode? names) => string.Join(", ", (names as JsonArray ?? []).Select(n => $"{n}"));
}
