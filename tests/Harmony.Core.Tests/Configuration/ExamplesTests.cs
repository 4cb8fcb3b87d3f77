using Harmony.Core.Configuration;
using Harmony.Testing.Requirements;

namespace Harmony.Core.Tests.Configuration;

/// <summary>The examples of the public Harmony Proxy: every key that they use is one that we know.</summary>
public class ExamplesTests
{
    private static readonly string[] FormerKeys = ["'log_level' of [proxy]", "'store_dir' of [proxy]"];

    [SharedFact("conformance/examples")]
    public void Examples_All_AreReadWithoutErrorsAndUnknownKeys()
    {
        var folder = SharedFolder.PathOf("conformance/examples");
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
