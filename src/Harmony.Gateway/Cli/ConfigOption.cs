using System.CommandLine;

namespace Harmony.Gateway.Cli;

/// <summary>The option <c>--config FILE</c>, which most commands have.</summary>
internal static class ConfigOption
{
    private const string Default = "config/config.toml";

    public static Option<string> Create() => new("--config", "-c")
    {
        Description = $"The main configuration file. Without this option: {Default} if there is one, else the one that came with the program.",
        HelpName = "FILE",
        DefaultValueFactory = _ => DefaultFile(),
    };

    private static string DefaultFile()
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "config", "config.toml");
        return File.Exists(Default) || !File.Exists(shipped) ? Default : shipped;
    }
}
