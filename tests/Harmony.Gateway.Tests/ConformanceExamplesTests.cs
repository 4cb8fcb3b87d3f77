using Harmony.Gateway.Tests.Cli;
using Harmony.Testing.Requirements;

namespace Harmony.Gateway.Tests;

/// <summary>The examples of the public Harmony Proxy pass <c>harmony check</c> unchanged.</summary>
public sealed class ConformanceExamplesTests
{
    [SharedFact("conformance/examples")]
    public async Task EveryExample_PassesCheck()
    {
        var examples = SharedFolder.PathOf("conformance/examples");
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
