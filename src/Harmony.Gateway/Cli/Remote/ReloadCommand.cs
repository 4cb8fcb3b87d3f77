using System.CommandLine;
using System.Net;

namespace Harmony.Gateway.Cli.Remote;

/// <summary><c>harmony reload</c>: has a running gateway read its files again, and says what became of it.</summary>
internal static class ReloadCommand
{
    public static Command Create(Option<string> config)
    {
        var options = new RemoteOptions(config);
        var command = new Command("reload", "Reload the configuration of a running gateway; exit code 1 if the gateway rejects the files.") { config };
        options.AddTo(command, options.Url, options.TokenFile);
        command.SetAction((result, ct) => RemoteOptions.RunAsync(result,
            () => RunAsync(options.AddressOf(result, result.GetValue(options.Url)), result.InvocationConfiguration.Output, ct)));
        return command;
    }

    private static async Task<int> RunAsync(ManagementAddress address, TextWriter output, CancellationToken ct)
    {
        using var client = new ManagementClient(address);
        var (status, answer) = await client.AskAsync(HttpMethod.Post, "reload", null, ct);
        RemoteProblems.Print(answer["problems"], output);
        await output.WriteLineAsync(status == HttpStatusCode.OK
            ? $"version {answer["version"]} of the configuration runs"
            : $"the configuration was not reloaded; version {answer["version"]} still runs");
        return status == HttpStatusCode.OK ? 0 : 1;
    }
}
