using System.CommandLine;

namespace Harmony.Gateway.Cli;

/// <summary><c>harmony completion SHELL</c>: prints the script that has a shell complete commands and options, by asking <c>harmony [suggest]</c>.</summary>
internal static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish", "pwsh"];

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong(Shells);
        var command = new Command("completion", "Print a script for shell completion of commands and options.") { shell };
        command.SetAction(result => result.InvocationConfiguration.Output.Write(ScriptFor(result.GetValue(shell)!)));
        return command;
    }

    private static string ScriptFor(string shell)
    {
        using var reader = new StreamReader(typeof(CompletionCommand).Assembly.GetManifestResourceStream($"completion.{shell}")!);
        return reader.ReadToEnd();
    }
}
