using System.Text.Json.Nodes;
using Harmony.Core.Configuration;

namespace Harmony.Gateway.Cli.Remote;

/// <summary>Problems that a gateway told of, printed as if they had been found here.</summary>
internal static class RemoteProblems
{
    public static void Print(JsonNode? problems, TextWriter output)
        => ProblemPrinter.Print((problems as JsonArray ?? []).OfType<JsonObject>().Select(Of), output, strict: false);

    private static ConfigProblem Of(JsonObject problem) => new(
        problem["severity"]?.ToString() == "error" ? ConfigSeverity.Error : ConfigSeverity.Warning,
        new SourceLocation(problem["file"]?.ToString() ?? "", Number(problem["line"]), Number(problem["column"])),
        problem["message"]?.ToString() ?? "");

    private static int Number(JsonNode? value) => value is JsonValue number && number.TryGetValue<int>(out var found) ? found : 0;
}
