using System.Text.RegularExpressions;
using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;

namespace Harmony.Gateway.Tests;

/// <summary>Public configurations of the field pass <c>harmony check</c> unchanged.</summary>
public sealed partial class ConformanceExamplesTests
{
    [Fact]
    public async Task EveryExample_PassesCheck()
    {
        if (SharedFolder.Find("conformance", "examples") is not { } examples) return;
        foreach (var example in Directory.EnumerateDirectories(examples).Order(StringComparer.Ordinal)) await CheckAsync(example);
    }

    private static async Task CheckAsync(string example)
    {
        using var folder = new ConfigFolder();
        foreach (var file in Directory.EnumerateFiles(example, "*", SearchOption.AllDirectories))
        {
            folder.Write(Path.GetRelativePath(example, file), await File.ReadAllTextAsync(file));
        }

        WriteCertificates(folder);
        var run = await CommandLine.RunAsync(folder, "check", "-c", "FOLDER/config.toml");
        Assert.True(run.ExitCode == 0, $"{example}:\n{run.Output}");
        Assert.DoesNotContain(run.Lines, l => l.Contains("unknown key", StringComparison.Ordinal));
    }

    private static void WriteCertificates(ConfigFolder folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*.toml", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            var keys = KeyPath().Matches(text);
            foreach (var (cert, key) in CertPath().Matches(text).Zip(keys))
            {
                TestCertificate.Write(Path.Combine(folder.Path, cert.Groups["path"].Value), Path.Combine(folder.Path, key.Groups["path"].Value));
            }
        }
    }

    [GeneratedRegex("^cert_path = \"(?<path>.*)\"", RegexOptions.Multiline)]
    private static partial Regex CertPath();

    [GeneratedRegex("^key_path = \"(?<path>.*)\"", RegexOptions.Multiline)]
    private static partial Regex KeyPath();
}
