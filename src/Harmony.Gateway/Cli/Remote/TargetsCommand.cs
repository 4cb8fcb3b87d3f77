using System.CommandLine;
using System.Text.Json.Nodes;

namespace Harmony.Gateway.Cli.Remote;

/// <summary><c>harmony targets</c>: the systems that a running gateway sends to, since when which of them is down, and why.</summary>
internal static class TargetsCommand
{
    public static Command Create(Option<string> config) => new OperatorCommand(config).Complete(
        new Command("targets", "Print the targets of a running gateway and their health."),
        async (session, _) =>
        {
            var answer = await session.GetAsync("targets");
            if (!session.PrintJson(answer)) Print(session, answer);
            return 0;
        },
        mayWatch: true);

    /// <summary>Prints them.</summary>
    public static void Print(OperatorSession session, JsonObject answer)
    {
        var targets = answer["targets"] as JsonArray ?? [];
        session.PrintTable(
            ["backend", "target", "state", "since", "under way", "answered", "failed", "p50/p95 ms", "address", "last error"],
            targets.Select(t => new[] { $"{t!["backend"]}", $"{t["name"]}", State(t), StatusCommand.At(t["since"]), $"{t["in_flight"]}", $"{t["answered"]}",
                $"{t["failed"]}", Latency(t["latency_ms"]), $"{t["url"]}", LastError(t) }));
        if (targets.Count == 0) session.Output.WriteLine("no backend has targets");
    }

    private static string Latency(JsonNode? ms) => ms is null ? "" : $"{ms["p50"]}/{ms["p95"]}";

    /// <summary>Why it is down, or what went wrong before it was up again, and when.</summary>
    private static string LastError(JsonNode target)
        => target["reason"]?.ToString() ?? (target["last_error"] is { } error ? $"{StatusCommand.At(target["last_error_at"])}: {error}" : "");

    private static string State(JsonNode target) => target["enabled"]?.GetValue<bool>() == false ? "drained" : $"{target["state"]}";
}

/// <summary><c>harmony drain</c> and <c>harmony enable</c>: takes a target out and brings it back.</summary>
internal static class SteerCommand
{
    public static Command Create(Option<string> config, string verb, string summary)
    {
        var isDrain = verb == "drain";
        var backend = new Argument<string?>("BACKEND")
        {
            Description = "Name of the backend.", Arity = isDrain ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne
        };
        var target = new Argument<string?>("TARGET")
        {
            Description = "Name of the target; when absent, the name of the backend, which an only target has.", Arity = ArgumentArity.ZeroOrOne
        };
        return new OperatorCommand(config).Complete(new Command(verb, summary) { backend, target }, async (session, result) =>
        {
            if (result.GetValue(backend) is not { } name)
            {
                var leaving = await session.DoAsync(HttpMethod.Post, "drain");
                if (!session.PrintJson(leaving)) session.Output.WriteLine($"the gateway is draining; requests under way: {leaving["in_flight"]}");
                return 0;
            }

            var answer =
                await session.DoAsync(HttpMethod.Post, $"targets/{Uri.EscapeDataString(name)}/{Uri.EscapeDataString(result.GetValue(target) ?? name)}/{verb}");
            if (!session.PrintJson(answer)) TargetsCommand.Print(session, answer);
            return 0;
        });
    }
}
