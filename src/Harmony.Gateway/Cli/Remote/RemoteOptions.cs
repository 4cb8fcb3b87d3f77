using System.CommandLine;

namespace Harmony.Gateway.Cli.Remote;

/// <summary>The options of commands that ask a gateway that runs.</summary>
internal sealed record RemoteOptions(Option<string> Config, Option<string?> Url, Option<string?> TokenFile)
{
    public static RemoteOptions Create(Option<string> config) => new(
        config,
        new Option<string?>("--url") { Description = "The management API: http://127.0.0.1:9090, with the base path unless that is 'admin'. Without this option the configuration says where.", HelpName = "URL" },
        CreateTokenFile());

    public static Option<string?> CreateTokenFile()
        => new("--token-file") { Description = "The file with the admin token. Without this option it is the one of the configuration, or of its storage.", HelpName = "FILE" };

    /// <summary>Where the gateway is.</summary>
    /// <exception cref="RemoteException">It cannot be found.</exception>
    public ManagementAddress AddressOf(ParseResult result)
        => ManagementAddress.Find(result.GetValue(Url), result.GetValue(TokenFile), result.GetValue(Config)!);

    /// <summary>Runs a command; what keeps it from asking goes to standard error, with exit code 2.</summary>
    public static async Task<int> RunAsync(ParseResult result, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (RemoteException e)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }
}
