using System.Text.RegularExpressions;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Docs;

/// <summary>docs/life-of-a-request.md has the numbered steps of the code: same words, same order, right file.</summary>
public sealed partial class LifeOfARequestTests
{
    private static readonly string Page = File.ReadAllText(RepositoryFolder.PathOf("docs", "life-of-a-request.md"));

    [Fact]
    public void Steps_AreThoseOfTheCode()
    {
        var steps = Directory.EnumerateFiles(RepositoryFolder.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Step().Matches(File.ReadAllText(file)).Select(m => (Number: int.Parse(m.Groups["number"].Value), Words: m.Groups["words"].Value, File: file)))
            .OrderBy(s => s.Number).ToList();
        Assert.Equal(Enumerable.Range(1, 8), steps.Select(s => s.Number).Distinct());

        var at = 0;
        foreach (var (number, words, file) in steps)
        {
            var heading = $"## Step {number}: {words}";
            var found = Page.IndexOf(heading, StringComparison.Ordinal);
            Assert.True(found >= at, $"the page needs the heading '{heading}' behind that of the step before");
            at = found + heading.Length;
            var end = Page.IndexOf("\n## ", at, StringComparison.Ordinal);
            var section = end < 0 ? Page[at..] : Page[at..end];
            Assert.Contains(Path.GetRelativePath(RepositoryFolder.Root, file), section, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"// :: Step (?<number>\d+): (?<words>.*)\.$", RegexOptions.Multiline)]
    private static partial Regex Step();
}
