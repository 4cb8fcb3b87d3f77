using System.CommandLine;
using System.Text.RegularExpressions;
using Harmony.Core.Configuration;
using Harmony.Gateway.Cli;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Management;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Docs;

/// <summary>
/// What users read uses the words of the glossary in CONTRIBUTING.md: every page, log message and help text, and the description of every module and option.
/// </summary>
public sealed partial class WordsTests
{
    /// <summary>Turns of phrase that a reader has to read twice, and what to write instead.</summary>
    private static readonly (Regex Phrase, string Instead)[] Unwanted =
    [
        (LetsPass(), "'admits requests that…'"),
        (Answers(), "'response', 'responds', 'accepts'"),
        (Of(), "name the noun"),
        (Nobody(), "'client', 'operator', 'sender', 'system'"),
        (Colloquial(), "'verify', 're-…', 'problem', 'state', 'drain'"),
        (Probe(), "'health check'"),
    ];

    /// <summary>Every page of docs/; docs/configuration.md holds the descriptions of all modules and options.</summary>
    public static TheoryData<string> Pages
        => ["CONTRIBUTING.md", "README.md",
            .. Directory.EnumerateFiles(RepositoryFolder.PathOf("docs"), "*.md").Select(f => "docs/" + Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Descriptions_UseTheWordsOfTheGlossary()
    {
        var registry = GatewayModules.CreateRegistry(TimeProvider.System);
        var summaries = registry.Services.Select(s => (s.Name, s.Summary)).Concat(registry.Middleware.Select(m => (m.Name, m.Summary))).ToList();
        Assert.NotEmpty(summaries);
        Assert.All(summaries, s => AssertPlain(s.Name, s.Summary));
    }

    /// <summary>docs/observability.md lists every message of the source, as <see cref="LogEventsTests"/> sees to.</summary>
    [Fact]
    public void LogMessages_UseTheWordsOfTheGlossary()
    {
        var messages = Message().Matches(File.ReadAllText(RepositoryFolder.PathOf("docs", "observability.md")));
        Assert.NotEmpty(messages);
        Assert.All(messages, m => AssertPlain($"log event {m.Groups["id"].Value}", m.Groups["text"].Value));
    }

    /// <summary>What <c>openapi.json</c> and the page of the management API say.</summary>
    [Fact]
    public void Operations_UseTheWordsOfTheGlossary()
        => Assert.All(new ManagementApi(new ManagementSection(), isSteered: true).Operations, o => AssertPlain($"{o.Method} {o.Path}", o.Summary));

    [Fact]
    public void Help_UsesTheWordsOfTheGlossary() => AssertPlain(HarmonyCommand.Create());

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

    /// <summary>Most comments of the source that say somebody instead of client, operator or caller. The number only goes down.</summary>
    private const int MostNamelessComments = 2;

    [Fact]
    public void Comments_NameTheNoun()
    {
        var found = Directory.EnumerateFiles(RepositoryFolder.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => File.ReadLines(f).Select(l => (File: Path.GetFileName(f), Text: l.Trim())))
            .Where(l => l.Text.StartsWith("//", StringComparison.Ordinal) && Nobody().IsMatch(l.Text)).Select(l => $"{l.File}: {l.Text}").ToList();
        Assert.True(found.Count <= MostNamelessComments, $"{found.Count} comments; name the noun:\n{string.Join('\n', found)}");
    }

    [Fact]
    public void Glossary_NamesEachWordOnce()
    {
        var rows = Row().Matches(File.ReadAllText(RepositoryFolder.PathOf("CONTRIBUTING.md")).Split("\n## Words\n")[1].Split("\n## ")[0])
            .Select(m => m.Groups["term"].Value).Skip(1).ToList();
        Assert.InRange(rows.Count, 25, 40);
        Assert.Equal(rows.Count, rows.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    private static void AssertPlain(Command command)
    {
        AssertPlain($"--help of '{command.Name}'", command.Description ?? "");
        Assert.All(command.Options, o => AssertPlain($"--help of '{command.Name} {o.Name}'", o.Description ?? ""));
        Assert.All(command.Arguments, a => AssertPlain($"--help of '{command.Name} {a.Name}'", a.Description ?? ""));
        Assert.All(command.Subcommands, AssertPlain);
    }

    private static void AssertPlain(string where, string text)
        => Assert.All(Unwanted, u =>
        {
            var found = u.Phrase.Match(text);
            Assert.False(found.Success, $"{where}: '{found.Value}'; write {u.Instead}");
        });

    [GeneratedRegex(@"\blets (only )?\w* ?pass\b|\bwho (has|knows|shows)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex LetsPass();

    [GeneratedRegex(@"\banswer(s|ed|ing)?\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Answers();

    [GeneratedRegex(@"\bis none of\b|\bis one no more\b|\bwho(ever)? (wants|does|is) to\b|\bnobody else's\b|\btakes? leave\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Of();

    [GeneratedRegex(@"\b(nobody|somebody|anybody|everybody|whoever)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Nobody();

    [GeneratedRegex(@"\bvouch(es)?\b|\banew\b|\bneeds a look\b|\bgets? along\b|\btakes? over\b|\btaken over\b|\bforesaw\b|\bone no more\b|\btold of\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Colloquial();

    [GeneratedRegex(@"\b(health|readiness) probes?\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Probe();

    [GeneratedRegex(@"^\| (?<id>\d{3,5}) \| \w+ \| `(?<text>.*?)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Message();

    [GeneratedRegex(@"```.*?```|`[^`]*`|\]\([^)]*\)", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^\| (?<term>[^|]+?) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
