using System.CommandLine;
using Harmony.Core.Configuration;
using Harmony.Gateway.Hosting;

namespace Harmony.Gateway.Cli;

/// <summary><c>harmony check</c>: builds everything a configuration asks for, short of opening its listeners, and prints every problem.</summary>
internal static class CheckCommand
{
    public static Command Create(Option<string> config)
    {
        var strict = new Option<bool>("--strict") { Description = "Count warnings as errors." };
        var command = new Command("check", "Print every mistake in a configuration; exit code 1 if there is an error.") { config, strict };
        command.SetAction((result, _) => RunAsync(result.GetValue(config)!, result.GetValue(strict), result.InvocationConfiguration.Output));
        return command;
    }

    public static async Task<int> RunAsync(string configFile, bool strict, TextWriter output)
    {
        await using var host = new GatewayHost(Environment.GetEnvironmentVariable, TimeProvider.System);
        await host.LoadAsync(configFile, quiet: true);
        ProblemPrinter.Print(host.Problems, output, strict);
        await output.WriteLineAsync($"{configFile}: {ProblemPrinter.Summary(host.Problems, strict)}");
        return host.Problems.Any(p => strict || p.Severity == ConfigSeverity.Error) ? 1 : 0;
    }
}
