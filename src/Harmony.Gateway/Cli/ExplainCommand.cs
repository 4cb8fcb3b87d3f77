using System.CommandLine;
using Harmony.Core.Configuration;
using Harmony.Core.Runtime;
using Harmony.Gateway.Cli.Explain;
using Harmony.Gateway.Drawing;
using Harmony.Gateway.Hosting;

namespace Harmony.Gateway.Cli;

/// <summary><c>harmony explain</c>: prints what a configuration means once every reference is followed and every default filled in.</summary>
internal static class ExplainCommand
{
    public static Command Create(Option<string> config)
    {
        var json = new Option<bool>("--json") { Description = "Print JSON, for programs, instead of a tree." };
        var mermaid = new Option<bool>("--mermaid") { Description = "Print a Mermaid diagram of the pipelines." };
        var svg = new Option<string?>("--svg") { Description = "Write a diagram of the pipelines to an SVG file.", HelpName = "FILE" };
        var command = new Command("explain", "Explain a configuration: print its networks, routes, middleware, backends and targets.")
        {
            config, json, mermaid, svg
        };
        command.SetAction((result, _) => RunAsync(
            result.GetValue(config)!, result.GetValue(json), result.GetValue(mermaid), result.GetValue(svg), result.InvocationConfiguration));
        return command;
    }

    /// <summary>Problems go to standard error, so that standard output holds the explanation and nothing else.</summary>
    private static async Task<int> RunAsync(string configFile, bool json, bool mermaid, string? svg, InvocationConfiguration console)
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
            await console.Output.WriteAsync(MermaidDrawing.Of(Drawn(snapshot)));
            return 0;
        }

        if (svg is not null) return await WriteAsync(svg, SvgDrawing.File([.. Drawn(snapshot)]), console);

        var explanation = Explainer.Explain(snapshot);
        if (json) await console.Output.WriteLineAsync(JsonOutput.Write(explanation));
        else ExplanationTree.Print(explanation, Terminal.For(console.Output));
        return 0;
    }

    private static IEnumerable<DrawnPipeline> Drawn(GatewaySnapshot snapshot)
        => snapshot.Pipelines.Where(p => p.Name != ManagementTables.Name).Select(p => DrawnPipeline.Of(p));

    private static async Task<int> WriteAsync(string file, string text, InvocationConfiguration console)
    {
        try
        {
            await File.WriteAllTextAsync(file, text);
            await console.Output.WriteLineAsync($"wrote {file}");
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await console.Error.WriteLineAsync($"cannot write {file}: {Readable.Reason(e)}");
            return 1;
        }
    }
}
