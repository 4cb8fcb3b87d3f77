using Harmony.Gateway.Cli;
using Harmony.Gateway.Tests.Cli;
using Harmony.Gateway.Tests.Management;

namespace Harmony.Gateway.Tests.Docs;

/// <summary>
/// The commands that pages and help texts show: every one is understood by the program, and the examples of help texts that need nothing but
/// a gateway run here. <see cref="PagesRunTests"/> runs those of the pages.
/// </summary>
public sealed class CommandsOfPagesTests
{
    /// <summary>What every example of a help text and every recipe names.</summary>
    private const string Named = """
        [pipelines.orders]
        networks = ["main"]
        path = "/orders"
        middleware = ["passthru"]
        backend_ref = "pacs"
        [pipelines.fhir]
        networks = ["main"]
        path = "/fhir"
        backend_ref = "pacs"
        [backends.pacs]
        service = "http"
        targets = ["archive_a", "archive_b"]
        [targets.archive_a]
        url = "http://127.0.0.1:9/a"
        [targets.archive_b]
        url = "http://127.0.0.1:9/b"
        """;

    public static TheoryData<string> Pages => [.. MarkdownPage.All];

    /// <summary>Command, options and arguments are ones of the program, whatever the values are.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void Commands_AreUnderstood(string file)
    {
        foreach (var line in MarkdownPage.Read(file).Blocks.Where(b => b.Language == "sh").SelectMany(b => b.Text.Split('\n')))
        {
            if (WordsOf(line) is not { } words) continue;
            var errors = HarmonyCommand.Parse(words).Errors;
            Assert.True(errors.Count == 0, $"{file}: '{line}': {string.Join(' ', errors.Select(e => e.Message))}");
        }
    }

    /// <summary>The same in the text: a word too many is an option that another command has.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void CommandsInTheText_AreUnderstood(string file)
        => Assert.All(MarkdownPage.Read(file).InlineCode.Where(c => WordsOf(c) is not (null or ["COMMAND", ..])), code =>
            Assert.True(HarmonyCommand.Parse(WordsOf(code)!).UnmatchedTokens is [], $"{file}: `{code}`"));

    [Fact]
    public void ExamplesOfHelpTexts_AreUnderstood()
        => Assert.All(HelpExamples.All.SelectMany(e => e.Value), example =>
        {
            var errors = HarmonyCommand.Parse(WordsOf(example)!).Errors;
            Assert.True(errors.Count == 0, $"'{example}': {string.Join(' ', errors.Select(e => e.Message))}");
        });

    /// <summary>Exit code 1 is an answer, such as of a gateway that needs a look; 2 would be a gateway that could not be asked.</summary>
    [Fact]
    public async Task ExamplesForARunningGateway_Run()
    {
        await using var gateway = await ManagedGateway.StartAsync(more: Named);
        for (var i = 0; i < 7; i++) await gateway.PostAsync("reload");
        foreach (var command in new[] { "status", "targets", "drain", "enable", "routes", "match", "try", "reload", "history", "log-level", "logs", "health",
            "explain", "check" })
        {
            foreach (var example in HelpExamples.All[command])
            {
                var words = WordsOf(example)!;
                // Others run until Ctrl-C, or name another gateway, files of the user's, or everything.
                if (words.Any(w => w is "--watch" or "--follow" or "--url" or "--against" or "-d" or "--access" or "--svg" or "config.toml" or "image.dcm")
                    || example == "harmony drain") continue;
                var run = await CommandLine.RunAsync(gateway.Gateway.Folder, [.. words, "-c", "FOLDER/config.toml"]);
                Assert.True(run.ExitCode is 0 or 1, $"'{example}': {run.ExitCode}: {run.Error}");
                Assert.Equal("", run.Error);
            }
        }
    }

    /// <summary>The words of a command line of the program, without what the shell does with it; null for other programs.</summary>
    private static string[]? WordsOf(string line)
    {
        if (!line.StartsWith("harmony ", StringComparison.Ordinal)) return null;
        var words = new List<string>();
        var (word, quote, isOpen) = ("", '\0', false);
        foreach (var c in line["harmony ".Length..] + " ")
        {
            if (quote != '\0')
            {
                if (c == quote) quote = '\0';
                else word += c;
            }
            else if (c is '\'' or '"')
            {
                (quote, isOpen) = (c, true);
            }
            else if (c == ' ')
            {
                if (word.Length > 0 || isOpen) words.Add(word);
                (word, isOpen) = ("", false);
            }
            else
            {
                word += c;
            }
        }

        var end = words.FindIndex(w => w is "|" or ">" or ">>" or "<" or "&" or "&&" or ";" or "\\" || w[..Math.Min(1, w.Length)] is "#" or "…");
        return [.. end < 0 ? words : words.Take(end)];
    }
}
