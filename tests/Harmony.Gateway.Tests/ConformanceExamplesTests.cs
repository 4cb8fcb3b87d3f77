using Harmony.Gateway.Tests.Cli;
using Harmony.Testing.Requirements;

namespace Harmony.Gateway.Tests;

/// <summary>The examples of the public Harmony Proxy, unchanged: which of them load, and which pass <c>harmony check</c>.</summary>
public sealed class ConformanceExamplesTests
{
    private const int Examples = 21;

    /// <summary>Its policy names two rules that nobody defines: it loads, its pipeline responds with 503, and check says so.</summary>
    private const string WithUndefinedRules = "http-internal";

    /// <summary>Examples whose allow rules are alternatives here and were, by their comments, meant to hold together: docs/differences.md shows them.</summary>
    private static readonly string[] Wider = ["content-types", "dicomweb", "fhir", "http-http", "http-internal", "jmix", "transform"];

    [SharedFact("conformance/examples")]
    public async Task AllButOneExample_PassCheck()
    {
        var passed = 0;
        var examples = Directory.GetDirectories(SharedFolder.PathOf("conformance/examples")).Order(StringComparer.Ordinal).ToList();
        foreach (var example in examples)
        {
            var name = Path.GetFileName(example);
            using var folder = ExampleFolder.CopyOf(example);
            var run = await CommandLine.RunAsync(folder, "check", "-c", "FOLDER/config.toml");
            Assert.DoesNotContain(run.Lines, l => l.Contains("unknown key", StringComparison.Ordinal));
            Assert.True(Wider.Contains(name) == run.Output.Contains("allow rules of different kinds", StringComparison.Ordinal), $"{example}:\n{run.Output}");
            if (name == WithUndefinedRules) AssertUndefinedRules(run);
            else Assert.True(run.ExitCode == 0, $"{example}:\n{run.Output}");
            if (run.ExitCode == 0) passed++;
        }

        Assert.Equal((Examples, Examples - 1), (examples.Count, passed));
    }

    private static void AssertUndefinedRules(CommandLine run)
    {
        Assert.Equal(1, run.ExitCode);
        var errors = run.Lines.Where(l => l.Contains(": error: ", StringComparison.Ordinal)).ToList();
        Assert.Collection(errors,
            e => Assert.Contains("rule 'deny_admin_paths' of policy 'http_proxy_security' is not defined", e, StringComparison.Ordinal),
            e => Assert.Contains("rule 'rate_limit' of policy 'http_proxy_security' is not defined", e, StringComparison.Ordinal));
    }

    [SharedFact("conformance/examples")]
    public async Task EveryExample_Loads()
    {
        foreach (var example in Directory.EnumerateDirectories(SharedFolder.PathOf("conformance/examples")))
        {
            using var folder = ExampleFolder.CopyOf(example);
            var run = await CommandLine.RunAsync(folder, "explain", "-c", "FOLDER/config.toml");
            Assert.True(run.ExitCode == 0, $"{example}:\n{run.Output}{run.Error}");
        }
    }
}
