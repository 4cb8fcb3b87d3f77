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
            .SelectMany(file => Step().Matches(
                File.ReadAllText(file)).Select(m => (Number: int.Parse(m.Groups["number"].Value), Words: m.Groups["words"].Value, File: file)))
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

    /// <summary>Who follows one request opens these files and no others: one above each mentions its types, their interfaces, or a method of theirs.</summary>
    [Fact]
    public void Files_OfOneRequest_AreAtMostTwelveAndLeadToEachOther()
    {
        var files = Row().Matches(Page).Select(m => m.Groups["file"].Value).ToList();
        Assert.InRange(files.Count, 8, 12);
        var read = "";
        foreach (var file in files)
        {
            var source = File.ReadAllText(RepositoryFolder.PathOf(file.Split('/')));
            var names = Declaration().Matches(source).SelectMany(m => m.Value.Split([' ', ':', ',', '(', '<', '>'], StringSplitOptions.RemoveEmptyEntries))
                .Concat(Method().Matches(source).Select(m => m.Groups["name"].Value)).ToHashSet(StringComparer.Ordinal);
            Assert.True(read.Length == 0
                || Word().Matches(read).Any(w => names.Contains(w.Value)), $"no file above {file} in the table mentions what that file declares");
            read += Code(source);
        }
    }

    /// <summary>Files are named in full, or by their name behind one of the same folder.</summary>
    [Fact]
    public void FilesOfThePage_AreThere()
    {
        var names = Directory.EnumerateFiles(RepositoryFolder.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .ToLookup(f => Path.GetFileName(f)!, StringComparer.Ordinal);
        var named = FileName().Matches(Page).Select(m => m.Groups["file"].Value).Where(f => !f.Contains('*', StringComparison.Ordinal)).ToList();
        Assert.InRange(named.Count, 20, int.MaxValue);
        Assert.All(named, file => Assert.True(
            file.Contains('/', StringComparison.Ordinal)
                ? File.Exists(RepositoryFolder.PathOf(file.Split('/')))
                : names.Contains(file), $"{file} is not there"));
    }

    private static string Code(string source) => string.Join('\n', source.Split('\n').Where(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    [GeneratedRegex(@"^\| \d+ \| `(?<file>[^`]+\.cs)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    /// <summary>A type with what it derives from; comments, methods and the words of the language cannot be mistaken for the names of its interfaces.</summary>
    [GeneratedRegex(@"(?<=^(?:public|internal) [a-z ]*(?:class|record|struct|interface|delegate) )[^{;]+?(?=\n[\{]|;|$)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^    public (?!override)[^=;(\n]* (?<name>\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Method();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Word();

    [GeneratedRegex(@"`(?<file>[\w./*]+\.cs)`")]
    private static partial Regex FileName();

    [GeneratedRegex(@"// :: Step (?<number>\d+): (?<words>.*)\.$", RegexOptions.Multiline)]
    private static partial Regex Step();
}
