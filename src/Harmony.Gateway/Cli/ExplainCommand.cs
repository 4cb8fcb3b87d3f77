using System.CommandLine;
using Harmony.Gateway.Cli.Explain;
using Harmony.Gateway.Hosting;

namespace Harmony.Gateway.Cli;

/// <summary><c>harmony explain</c>: prints what a configuration means once every reference is followed and every default filled in.</summary>
internal static class ExplainCommand
{
    public static Command Create(Option<string> config)
    {
        var json = new Option<bool>("--json") { Description = "Print JSON for programs instead of a tree for people." };
        var mermaid = new Option<bool>("--mermaid") { Description = "Print a drawing of the pipelines in the language of Mermaid." };
        var command = new Command("explain", "Print what a configuration means: networks, routes, middleware, backends, targets.") { config, json, mermaid };
        command.SetAction((result, _) => RunAsync(result.GetValue(config)!, result.GetValue(json), result.GetValue(mermaid), result.InvocationConfiguration));
        return command;
    }

    /// <summary>Problems go to standard error, so that standard output holds the explanation and nothing else.</summary>
    private static async Task<int> RunAsync(string configFile, bool json, bool mermaid, InvocationConfiguration console)
    {
        var builder = new GatewayBuilder(Environment.GetEnvironmentVariable, TimeProvider.System);
        await using var snapshot = await builder.LoadAsync(configFile);
        ProblemPrinter.Print(builder.Problems, console.Error, strict: false);
        if (snapshot is null)
        {
            await console.Error.WriteLineAsync($"{configFile}: {ProblemPrinter.Summary(builder.Problems, strict: false)}");
            return 1;
        }

        if (mermaid)
        {
            await console.Output.WriteAsync(MermaidDrawing.Of(snapshot));
            return 0;
        }

        var explanation = Explainer.Explain(snapshot);
        if (json) await console.Output.WriteLineAsync(JsonOutput.Write(explanation));
        else ExplanationTree.Print(explanation, Terminal.For(console.Output));
        return 0;
    }
}
