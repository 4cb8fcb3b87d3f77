using System.CommandLine;

namespace Harmony.Gateway.Cli.Remote;

/// <summary>The options of commands that ask a gateway that runs.</summary>
internal sealed class RemoteOptions(Option<string> config)
{
    private readonly RemoteTls _tls = new();

    /// <summary>Where its management API is.</summary>
    public Option<string?> Url { get; } = new("--url")
    {
        Description = "URL of the management API: http://127.0.0.1:9090, with the base path unless that is 'admin'. Taken from the configuration if absent.",
        HelpName = "URL",
    };

    /// <summary>The file of the admin token.</summary>
    public Option<string?> TokenFile { get; } = new("--token-file")
    {
        Description = "File with the admin token. When absent, the token in the configuration, or in its storage, is used.",
        HelpName = "FILE",
    };

    /// <summary>Adds <paramref name="options"/>, which are some of these, and those of TLS.</summary>
    public void AddTo(Command command, params ReadOnlySpan<Option> options)
    {
        foreach (var option in options) command.Options.Add(option);
        _tls.AddTo(command);
    }

    /// <summary>Where the gateway is, and what opens it.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="url">What the user says; null to ask the configuration.</param>
    /// <exception cref="RemoteException">It cannot be found, or a file not be used.</exception>
    public ManagementAddress AddressOf(ParseResult result, string? url)
        => ManagementAddress.Find(url, result.GetValue(TokenFile), result.GetValue(config)!) with { Tls = _tls.Read(result) };

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
