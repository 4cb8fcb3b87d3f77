using Spectre.Console;

namespace Harmony.Gateway.Cli;

/// <summary>Makes consoles that colour and wrap for people at a terminal, and do neither for files, pipes and those who set <c>NO_COLOR</c>.</summary>
internal static class Terminal
{
    /// <summary>Wide enough that nothing wraps.</summary>
    private const int Unlimited = 10_000;

    public static IAnsiConsole For(TextWriter writer)
    {
        var redirected = !ReferenceEquals(writer, Console.Out) || Console.IsOutputRedirected;
        var plain = redirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var settings = new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = InteractionSupport.No,
        };
        settings.Enrichment.UseDefaultEnrichers = false; // they turn colours on for build servers
        var console = AnsiConsole.Create(settings);
        console.Profile.Capabilities.Unicode = true;
        if (redirected) console.Profile.Width = Unlimited;
        return console;
    }
}
