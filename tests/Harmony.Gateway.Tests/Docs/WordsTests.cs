using System.Text.RegularExpressions;
using Harmony.Gateway.Hosting;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Docs;

/// <summary>What users read first uses the words of the glossary in CONTRIBUTING.md: descriptions of modules, and the pages below.</summary>
public sealed partial class WordsTests
{
    /// <summary>Turns of phrase that a reader has to read twice, and what to write instead.</summary>
    private static readonly (Regex Phrase, string Instead)[] Unwanted =
    [
        (LetsPass(), "'admits requests that…'"),
        (Answers(), "'response', 'responds'"),
        (Of(), "name the noun"),
        (Probe(), "'health check'"),
    ];

    public static TheoryData<string> Pages => ["CONTRIBUTING.md", "README.md", "docs/architecture.md", "docs/extending.md", "docs/life-of-a-request.md"];

    [Fact]
    public void Descriptions_UseTheWordsOfTheGlossary()
    {
        var registry = GatewayModules.CreateRegistry(TimeProvider.System);
        var summaries = registry.Services.Select(s => (s.Name, s.Summary)).Concat(registry.Middleware.Select(m => (m.Name, m.Summary))).ToList();
        Assert.NotEmpty(summaries);
        Assert.All(summaries, s => AssertPlain(s.Name, s.Summary));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_UsesTheWordsOfTheGlossary(string page)
    {
        var text = File.ReadAllText(RepositoryFolder.PathOf(page.Split('/')));
        // The glossary itself names the words, and code has names of its own.
        if (text.IndexOf("\n## Words\n", StringComparison.Ordinal) is > 0 and var words)
            text = text[..words] + text[text.IndexOf("\n## ", words + 4, StringComparison.Ordinal)..];
        AssertPlain(page, Code().Replace(text, ""));
    }

    [Fact]
    public void Glossary_NamesEachWordOnce()
    {
        var rows = Row().Matches(File.ReadAllText(RepositoryFolder.PathOf("CONTRIBUTING.md")).Split("\n## Words\n")[1].Split("\n## ")[0])
            .Select(m => m.Groups["term"].Value).Skip(1).ToList();
        Assert.InRange(rows.Count, 25, 40);
        Assert.Equal(rows.Count, rows.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    private static void AssertPlain(string where, string text)
        => Assert.All(Unwanted, u =>
        {
            var found = u.Phrase.Match(text);
            Assert.False(found.Success, $"{where}: '{found.Value}'; write {u.Instead}");
        });

    [GeneratedRegex(@"\blets (only )?\w* ?pass\b|\bwho (has|knows|shows)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex LetsPass();

    [GeneratedRegex(
        @"\b(an|the|its|their|early) answers?\b|\banswered with\b|\banswers (of|with|to)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Answers();

    [GeneratedRegex(@"\bis none of\b|\bis one no more\b|\bwho(ever)? (wants|does|is) to\b|\bnobody else's\b|\btakes? leave\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Of();

    [GeneratedRegex(@"\b(health|readiness) probes?\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Probe();

    [GeneratedRegex(@"```.*?```|`[^`]*`|\]\([^)]*\)", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^\| (?<term>[^|]+?) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
