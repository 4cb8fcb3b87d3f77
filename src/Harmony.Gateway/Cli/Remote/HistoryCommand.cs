using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;

namespace Harmony.Gateway.Cli.Remote;

/// <summary><c>harmony history</c>: the configurations that a running gateway has had.</summary>
internal static class HistoryCommand
{
    public static Command Create(Option<string> config) => new OperatorCommand(config).Complete(
        new Command("history", "Print the earlier configurations of a running gateway, newest first."),
        async (session, _) =>
        {
            var answer = await session.GetAsync("config/history");
            if (session.PrintJson(answer)) return 0;
            session.PrintTable(["version", "since", "why", "files", "", "changed"], (answer["versions"] as JsonArray ?? []).Select(v => new[]
            {
                $"{v!["version"]}", StatusCommand.At(v["applied_at"]), $"{v["reason"]}", $"{(v["files"] as JsonArray)?.Count}",
                    v["current"]?.GetValue<bool>() == true ? "runs" : "", $"{v["changes"]}",
            }));
            return 0;
        });
}

/// <summary><c>harmony rollback VERSION</c>: has a running gateway apply an earlier configuration.</summary>
internal static class RollbackCommand
{
    public static Command Create(Option<string> config)
    {
        var version = new Argument<int>("VERSION") { Description = "Version number that 'harmony history' prints." };
        return new OperatorCommand(config).Complete(
            new Command("rollback", "Apply an earlier configuration to a running gateway; exit code 1 if the gateway rejects it.") { version },
            async (session, result) => Print(session, await session.TryAsync(HttpMethod.Post, $"config/rollback/{result.GetValue(version)}")));
    }

    private static int Print(OperatorSession session, (HttpStatusCode Status, JsonObject Answer) outcome)
    {
        var (status, answer) = outcome;
        if (answer["applied"] is null) throw new RemoteException(ManagementClient.ReasonOf(answer));
        var isApplied = status == HttpStatusCode.OK;
        if (session.PrintJson(answer)) return isApplied ? 0 : 1;
        RemoteProblems.Print(answer["problems"], session.Output);
        session.Output.WriteLine(isApplied
            ? $"version {answer["version"]} of the configuration runs: {answer["reason"]}"
            : $"that version has errors now; version {answer["version"]} still runs");
        return isApplied ? 0 : 1;
    }
}
