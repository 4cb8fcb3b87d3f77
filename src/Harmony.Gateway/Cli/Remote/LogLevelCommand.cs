using System.CommandLine;
using System.Text.Json.Nodes;

namespace Harmony.Gateway.Cli.Remote;

/// <summary><c>harmony log-level [LEVEL]</c>: what a running gateway logs, and changes it until it is taken back or the gateway ends.</summary>
internal static class LogLevelCommand
{
    public static Command Create(Option<string> config)
    {
        var level = new Argument<string?>("LEVEL")
        {
            Description = "Log level: debug, or info,harmony.forward=debug. When absent, the level is only printed.", Arity = ArgumentArity.ZeroOrOne
        };
        var reset = new Option<bool>("--reset") { Description = "Return to the log level of the configuration." };
        return new OperatorCommand(config).Complete(
            new Command("log-level", "Print or change the log level of a running gateway.") { level, reset },
            async (session, result) =>
            {
                var answer = result.GetValue(reset) ? await session.DoAsync(HttpMethod.Delete, "log-level")
                    : result.GetValue(level) is { } wanted ? await session.DoAsync(HttpMethod.Put, "log-level", new JsonObject { ["level"] = wanted })
                    : await session.GetAsync("log-level");
                if (!session.PrintJson(answer)) session.Output.WriteLine($"{answer["level"]}");
                return 0;
            });
    }
}
