using System.CommandLine;
using System.CommandLine.Parsing;

namespace Harmony.Gateway.Cli;

/// <summary>The option <c>--config FILE</c>, which most commands have.</summary>
internal static class ConfigOption
{
    private const string Default = "config/config.toml";

    /// <summary>Where the main file is looked for, the first that is there.</summary>
    private static readonly string[] Places =
        [Default, "config.toml", "/etc/harmony/config.toml", Path.Combine(AppContext.BaseDirectory, "config", "config.toml")];

    public static Option<string> Create() => new("--config", "-c")
    {
        Description = "Main configuration file. When absent, the first of these that exists: config/config.toml, config.toml, /etc/harmony/config.toml, "
            + "the file that came with the program.",
        HelpName = "FILE",
        DefaultValueFactory = _ => Places.FirstOrDefault(File.Exists) ?? Default,
    };

    /// <summary>Says which file was found, where the user did not name one and the command reads one.</summary>
    public static void SayWhich(ParseResult result, TextWriter error)
    {
        if (result.Action != result.CommandResult.Command.Action) return; // --help and --version read none
        var isRead = result.CommandResult.Command.Options.OfType<Option<string>>().FirstOrDefault(o => o.Name == "--config") is { } option
            && result.GetResult(option) is { Implicit: true } && !result.CommandResult.Children.OfType<ArgumentResult>().Any(a => a.Tokens.Count > 0);
        if (!isRead) return;
        var file = Places.FirstOrDefault(File.Exists);
        if (file is not null && file != Default) error.WriteLine($"reading {file}; --config FILE names another");
    }
}
