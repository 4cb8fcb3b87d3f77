using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Cli;

/// <summary>
/// Runs what docs/cli.md shows: the files of its <c>toml file=NAME</c> blocks are written, the command lines of its <c>console</c> blocks run,
/// and what they print is compared; a line <c>…</c> stands for any number of lines, a <c>…</c> at the end of a line for the rest of it.
/// </summary>
public sealed partial class CliPageTests
{
    private readonly string _page = File.ReadAllText(RepositoryFolder.PathOf("docs", "cli.md")).Replace("8080", $"{FreePort.Take()}", StringComparison.Ordinal);

    [Fact]
    public async Task EveryCommandLine_PrintsWhatThePageSays()
    {
        using var folder = new ConfigFolder();
        foreach (Match file in FileBlock().Matches(_page)) folder.Write(file.Groups["name"].Value, file.Groups["text"].Value);
        var sessions = ConsoleBlock().Matches(_page).SelectMany(b => PageCommand.Parse(b.Groups["lines"].Value)).ToList();
        Assert.True(sessions.Count >= 10);
        foreach (var session in sessions) await RunAsync(session, folder);
    }

    [Fact]
    public void EveryCommand_HasItsSection()
    {
        foreach (var command in Gateway.Cli.HarmonyCommand.Create().Subcommands) Assert.Contains($"## harmony {command.Name}", _page, StringComparison.Ordinal);
    }

    private static async Task RunAsync(PageCommand session, ConfigFolder folder)
    {
        var (exitCode, printed) = session.Expected.Contains("^C") ? await InterruptAsync(session, folder) : await EndAsync(session, folder);
        var pattern = string.Concat(session.Expected.Where(l => l != "^C").Select(l => l == "…"
            ? "(.*\n)*?"
            : l.EndsWith('…') ? Regex.Escape(Unversioned(l[..^1])) + ".*\n" : Regex.Escape(Unversioned(l)) + "\n"));
        var asExpected = Regex.IsMatch(Unversioned(printed), $"^{pattern}$", RegexOptions.None, Guard.Limit);
        Assert.True(asExpected, $"'harmony {string.Join(' ', session.Arguments)}' printed\n{printed}");
        Assert.True(session.ExitCode == exitCode, $"'harmony {string.Join(' ', session.Arguments)}' ended with {exitCode}, not {session.ExitCode}");
    }

    private static async Task<(int ExitCode, string Printed)> EndAsync(PageCommand session, ConfigFolder folder)
    {
        var run = await HarmonyProcess.RunAsync(folder.Path, session.Arguments);
        return (run.ExitCode, run.Output + run.Error);
    }

    private static async Task<(int ExitCode, string Printed)> InterruptAsync(PageCommand session, ConfigFolder folder)
    {
        await using var process = HarmonyProcess.Start(folder.Path, session.Arguments);
        await process.WaitForAsync(session.Expected[^2]);
        process.Signal(PosixSignal.SIGINT);
        var exitCode = await process.WaitForExitAsync();
        return (exitCode, string.Concat(process.Output.Select(l => l + "\n")));
    }

    private static string Unversioned(string text) => Version().Replace(text, "VERSION");

    [GeneratedRegex("```(?:toml|json) file=(?<name>\\S+)\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex FileBlock();

    [GeneratedRegex("```console\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex ConsoleBlock();

    [GeneratedRegex("""(?<=[Hh]armony |"version": ")\d+\.\d+\.\d+[^\s"]*""")]
    private static partial Regex Version();
}
