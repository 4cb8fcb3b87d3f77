namespace Harmony.Gateway.Tests.Cli;

/// <summary>A command line of docs/cli.md and what the page says that it prints.</summary>
internal sealed record PageCommand(string[] Arguments, List<string> Expected)
{
    /// <summary>What <c>echo $?</c> after it shows; 0 where the page does not ask.</summary>
    public int ExitCode { get; private set; }

    /// <summary>The commands of a block.</summary>
    public static IReadOnlyList<PageCommand> Parse(string block)
    {
        var commands = new List<PageCommand>();
        var lines = block.TrimEnd('\n').Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] == "$ echo $?") commands[^1].ExitCode = int.Parse(lines[++i]);
            else if (lines[i].StartsWith("$ harmony", StringComparison.Ordinal)) commands.Add(new PageCommand(lines[i].Split(' ')[2..], []));
            else commands[^1].Expected.Add(lines[i]);
        }

        return commands;
    }
}
