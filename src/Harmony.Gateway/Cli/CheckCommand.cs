using System.CommandLine;
using Harmony.Core.Configuration;
using Harmony.Gateway.Cli.Remote;
using Harmony.Gateway.Hosting;

namespace Harmony.Gateway.Cli;

/// <summary><c>harmony check</c>: builds everything a configuration asks for, short of opening its listeners, and prints every problem.</summary>
internal static class CheckCommand
{
    public static Command Create(Option<string> config)
    {
        var named = new Argument<string?>("FILE") { Description = "Main configuration file, same as --config FILE.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "Print the problems as JSON, for programs." };
        var strict = new Option<bool>("--strict") { Description = "Treat warnings as errors." };
        var against = new Option<string?>("--against")
        {
            Description = "Also ask a running gateway, by its management API, whether it would accept the files and what would change.",
            HelpName = "URL",
        };
        var remote = new RemoteOptions(config);
        var command =
            new Command("check", "Check a configuration and print every problem; exit code 1 if there is an error.") { named, config, strict, json, against };
        remote.AddTo(command, remote.TokenFile);
        command.SetAction((result, ct) => RemoteOptions.RunAsync(result, async () =>
        {
            var (file, output) = (result.GetValue(named) ?? result.GetValue(config)!, result.InvocationConfiguration.Output);
            if (result.GetValue(against) is not { } url) return await RunAsync(file, result.GetValue(strict), output, result.GetValue(json));
            // The files mean there what they mean with that gateway's variables, certificates and plug-ins.
            return await Comparison.PrintAsync(file, remote.AddressOf(result, url), output, ct) ? 0 : 1;
        }));
        return command;
    }

    public static async Task<int> RunAsync(string configFile, bool strict, TextWriter output, bool json = false)
    {
        var builder = new GatewayBuilder(Environment.GetEnvironmentVariable, TimeProvider.System);
        await using var snapshot = await builder.LoadAsync(configFile);
        // The gateway would serve the rest; a check, perhaps before a deployment, reports it.
        builder.Problems.RaiseGaps([]);
        if (json)
        {
            await output.WriteLineAsync(ProblemPrinter.ToJson(configFile, builder.Problems, strict));
        }
        else
        {
            ProblemPrinter.Print(builder.Problems, output, strict);
            await output.WriteLineAsync($"{configFile}: {ProblemPrinter.Summary(builder.Problems, strict)}");
        }

        return builder.Problems.Any(p => strict || p.Severity == ConfigSeverity.Error) ? 1 : 0;
    }
}
