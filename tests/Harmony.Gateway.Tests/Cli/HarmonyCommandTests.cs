using Harmony.Gateway.Hosting;

namespace Harmony.Gateway.Tests.Cli;

/// <summary>The command line as such.</summary>
public sealed class HarmonyCommandTests
{
    [Fact]
    public async Task Version_IsTheProgramsOwn()
    {
        var run = await CommandLine.RunAsync("--version");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches($"^harmony {Banner.Version} \\((commit [0-9a-f]+, )?\\.NET 10\\..+, .+\\)\n$", run.Output);
    }

    [Fact]
    public async Task Help_NamesEveryCommand()
    {
        var run = await CommandLine.RunAsync("--help");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("  harmony [command] [options]", run.Lines);
        foreach (var command in new[] { "  run ", "  check ", "  explain ", "  modules " })
            Assert.Contains(run.Lines, l => l.StartsWith(command, StringComparison.Ordinal));
        Assert.DoesNotContain("--markdown", (await CommandLine.RunAsync("modules", "--help")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chekc")]
    [InlineData("check", "--stric")]
    [InlineData("run", "here")]
    [InlineData("--config")]
    public async Task NotUnderstood_SaysWhereTheHelpIs_AndFails(params string[] args)
    {
        var run = await CommandLine.RunAsync(args);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("Usage:", run.Output + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output + run.Error, StringComparison.Ordinal);
    }
}
