using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Harmony.Core.Building;
using Harmony.Core.Runtime;
using Harmony.Gateway.Management;

namespace Harmony.Gateway.Cli.Remote;

/// <summary><c>harmony status</c>: whether a running gateway is well, on one screen. Exit code 1 where something needs a look.</summary>
internal static class StatusCommand
{
    public static Command Create(Option<string> config) => new OperatorCommand(config).Complete(
        new Command("status", "Print the state of a running gateway; exit code 1 if there is a problem."),
        async (session, _) =>
        {
            var (info, status, targets) = (await session.GetAsync("info"), await session.GetAsync("config/status"), await session.GetAsync("targets"));
            var faults = Faults(info, status, targets).ToList();
            var answer = new JsonObject
            {
                ["info"] = info,
                ["config"] = status,
                ["targets"] = targets["targets"]!.DeepClone(),
                ["faults"] = new JsonArray([.. faults.Select(f => (JsonNode)f)]),
            };
            if (!session.PrintJson(answer)) Print(session, info, status, targets, faults);
            return faults.Count == 0 ? 0 : 1;
        },
        mayWatch: true);

    private static void Print(OperatorSession session, JsonObject info, JsonObject status, JsonObject targets, List<string> faults)
    {
        session.Output.WriteLine(
            $"{info["name"] ?? info["id"]}: {info["status"]}, harmony {info["version"]}, up {DurationWords.Of(TimeSpan.FromSeconds((long)info["uptime"]!))}");
        session.Output.WriteLine($"configuration: version {status["version"]} of {status["config_file_path"]}, since {At(status["applied_at"])}");
        session.Output.WriteLine($"requests under way: {status["in_flight"]}; log level: {status["log_level"]}");
        TargetsCommand.Print(session, targets);
        CertificatesTable(session, status);
        session.Output.WriteLine(faults.Count == 0 ? "no problems" : "problems:");
        foreach (var fault in faults) session.Output.WriteLine($"  {fault}");
    }

    private static void CertificatesTable(OperatorSession session, JsonObject status)
        => session.PrintTable(["certificate of", "file", "ends", "days left"],
            (status["certificates"] as JsonArray ?? []).Select(c => new[] { $"{c!["used_by"]}", $"{c["file"]}", At(c["not_after"]), $"{c["days_left"]}" }));

    private static IEnumerable<string> Faults(JsonObject info, JsonObject status, JsonObject targets)
    {
        if ($"{info["status"]}" != "ready") yield return $"the gateway is {info["status"]}";
        foreach (var network in status["closed_networks"] as JsonArray ?? [])
            yield return $"network '{network}' is closed, because its certificate or key cannot be used; it opens when the file is replaced";
        foreach (var endpoint in status["closed_endpoints"] as JsonArray ?? [])
            yield return $"endpoint '{endpoint}' is closed, because its certificate or key cannot be used; it opens when the file is replaced";
        if (status["last_attempt"]?["succeeded"]?.GetValue<bool>() == false)
        {
            yield return $"the files on disk do not load; version {status["version"]} still runs";
            foreach (var problem in status["last_attempt"]!["problems"] as JsonArray ?? [])
            {
                if ($"{problem!["severity"]}" == "error") yield return $"{problem["file"]}({problem["line"]},{problem["column"]}): {problem["message"]}";
            }
        }

        else if (status["runs_from_history"]?.GetValue<bool>() == true) yield return StatusPage.FromHistory;

        foreach (var target in targets["targets"] as JsonArray ?? [])
        {
            if ($"{target!["state"]}" == "down")
                yield return $"target '{target["name"]}' of backend '{target["backend"]}' is down since {At(target["since"])}: {target["reason"]}";
            if (target["enabled"]?.GetValue<bool>() == false)
                yield return $"target '{target["name"]}' of backend '{target["backend"]}' is drained; harmony enable {target["backend"]} {target["name"]}";
        }

        foreach (var certificate in status["certificates"] as JsonArray ?? [])
        {
            if (certificate!["days_left"]?.GetValue<int>() is < CertificateChecks.SoonDays and var days)
                yield return $"the certificate '{certificate["file"]}' of [{certificate["used_by"]}] {(days < 0 ? "has expired" : $"ends in {days} days")}";
        }
    }

    /// <summary>A time as operators write it, in UTC.</summary>
    internal static string At(JsonNode? time)
        => DateTimeOffset.TryParse(time?.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? StatusPage.At(at) : "";
}
