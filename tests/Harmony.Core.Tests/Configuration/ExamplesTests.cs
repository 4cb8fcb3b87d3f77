using Harmony.Core.Configuration;
using Harmony.Testing;

namespace Harmony.Core.Tests.Configuration;

/// <summary>The public examples of the field, where they are at hand: every key that they use is one that we know.</summary>
public class ExamplesTests
{
    private static readonly string[] FormerKeys = ["'log_level' of [proxy]", "'store_dir' of [proxy]"];

    [Fact]
    public void Examples_All_AreReadWithoutErrorsAndUnknownKeys()
    {
        if (SharedFolder.Find("conformance", "examples") is not { } folder) return;
        var complaints = Directory.EnumerateDirectories(folder).SelectMany(Problems).ToList();
        Assert.True(complaints.Count == 0, string.Join(Environment.NewLine, complaints));
    }

    private static IEnumerable<string> Problems(string example)
    {
        var problems = new ConfigProblems();
        new ConfigLoader(problems, _ => "1").Load(Path.Combine(example, "config.toml"));
        return problems.Select(p => p.ToString()).Where(p => !FormerKeys.Any(p.Contains));
    }
}
