using System.CommandLine;

namespace Harmony.Gateway.Cli;

/// <summary><c>harmony help COMMAND</c>: the same as <c>harmony COMMAND --help</c>.</summary>
internal static class HelpCommand
{
    public static Command Create()
    {
        var words = new Argument<string[]>("COMMAND") { Description = "Name of a command; all commands when absent.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("help", "Print the help of a command.") { words };
        command.SetAction((result, ct) => HarmonyCommand.RunAsync([.. result.GetValue(words) ?? [], "--help"], result.InvocationConfiguration, ct));
        return command;
    }
}

/// <summary><c>harmony version</c>: the same as <c>harmony --version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create() => new("version", "Print the version.") { Action = new VersionAction() };
}
