using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;

namespace Harmony.Gateway.Tests;

/// <summary>Public configurations of the field pass <c>harmony check</c> unchanged.</summary>
public sealed class ConformanceExamplesTests
{
    [Fact]
    public async Task EveryExample_PassesCheck()
    {
        if (SharedFolder.Find("conformance", "examples") is not { } examples) return;
        foreach (var example in Directory.EnumerateDirectories(examples).Order(StringComparer.Ordinal)) await CheckAsync(example);
    }

    private static async Task CheckAsync(string example)
    {
        using var folder = ExampleFolder.CopyOf(example);
        var run = await CommandLine.RunAsync(folder, "check", "-c", "FOLDER/config.toml");
        Assert.True(run.ExitCode == 0, $"{example}:\n{run.Output}");
        Assert.DoesNotContain(run.Lines, l => l.Contains("unknown key", StringComparison.Ordinal));
    }
}
