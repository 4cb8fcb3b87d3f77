using System.CommandLine;
using System.Net;

namespace Harmony.Gateway.Cli.Remote;

/// <summary><c>harmony health</c>: asks a running gateway whether it wants requests, for container images that have no other client.</summary>
internal static class HealthCommand
{
    public static Command Create(Option<string> config)
    {
        var options = new RemoteOptions(config);
        var live = new Option<bool>("--live") { Description = "Check only that the process responds, not that it is ready for requests." };
        var optional = new Option<bool>("--optional") { Description = "Exit code 0 if the management API is not enabled in the configuration." };
        var command = new Command("health", "Check whether a running gateway is ready; exit code 1 if it is not.") { config, live, optional };
        options.AddTo(command, options.Url);
        command.SetAction((result, ct) => RemoteOptions.RunAsync(result, () =>
        {
            if (result.GetValue(optional) && result.GetValue(options.Url) is null && !ManagementAddress.IsIn(result.GetValue(config)!))
                return Task.FromResult(0);
            var address = options.AddressOf(result, result.GetValue(options.Url));
            return RunAsync(address with { Token = null }, result.GetValue(live) ? "health/live" : "health/ready", result.InvocationConfiguration.Output, ct);
        }));
        return command;
    }

    private static async Task<int> RunAsync(ManagementAddress address, string path, TextWriter output, CancellationToken ct)
    {
        using var client = new ManagementClient(address);
        var (status, answer) = await client.AskAsync(HttpMethod.Get, path, null, ct);
        await output.WriteLineAsync(answer["status"]?.ToString());
        return status == HttpStatusCode.OK ? 0 : 1;
    }
}
