using System.CommandLine;
using Harmony.Core.Routing;
using Harmony.Core.Runtime;
using Harmony.Gateway.Hosting;

namespace Harmony.Gateway.Cli;

/// <summary>
/// <c>harmony match METHOD PATH</c>: which pipeline of a configuration would get a request, and which backends it would ask. Nothing is sent.
/// </summary>
internal static class MatchCommand
{
    public static Command Create(Option<string> config)
    {
        var method = new Argument<string>("METHOD") { Description = "GET, POST, …" };
        var path = new Argument<string>("PATH") { Description = "Path, as a client sends it." };
        var command = new Command("match", "Print the pipeline of a request; exit code 1 if no pipeline matches.") { method, path, config };
        command.SetAction((result, _) => RunAsync(
            result.GetValue(config)!, result.GetValue(method)!.ToUpperInvariant(), result.GetValue(path)!, result.InvocationConfiguration));
        return command;
    }

    private static async Task<int> RunAsync(string configFile, string method, string path, InvocationConfiguration console)
    {
        if (!RequestTarget.TryParse(path, out var target, out var reason))
        {
            await console.Error.WriteLineAsync($"400: {reason}");
            return 1;
        }

        var builder = new GatewayBuilder(Environment.GetEnvironmentVariable, TimeProvider.System);
        await using var snapshot = await builder.LoadAsync(configFile);
        if (snapshot is null)
        {
            ProblemPrinter.Print(builder.Problems, console.Error, strict: false);
            return 1;
        }

        var isServed = false;
        foreach (var network in snapshot.Networks.Where(n => n.ServesHttp))
        {
            var match = network.Routes.Match(target.Path, method);
            isServed |= match.Outcome == RouteOutcome.Found;
            await console.Output.WriteLineAsync($"network '{network.Name}': {Words(match, snapshot)}");
        }

        return isServed ? 0 : 1;
    }

    private static string Words(in RouteMatch<RouteTarget> match, GatewaySnapshot snapshot)
    {
        if (match.Outcome == RouteOutcome.MethodNotAllowed) return "405, another method would be taken";
        if (match.Outcome != RouteOutcome.Found) return "404, no route";
        var route = match.Value;
        var pipeline = snapshot.Pipelines.First(p => p.Name == route.Pipeline.Name);
        var steps = new[] { $"endpoint '{route.EndpointName}'", $"pipeline '{pipeline.Name}'" }
            .Concat(pipeline.Left.Select(s => $"middleware '{s.Name}'"))
            .Append(pipeline.HandledBy);
        return string.Join(" → ", steps) + (pipeline.InactiveReason is { } inactive ? $"; responds with 503 ({inactive})" : "");
    }
}
