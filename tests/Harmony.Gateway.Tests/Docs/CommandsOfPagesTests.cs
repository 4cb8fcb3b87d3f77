using System.Net;
using System.Text.Json.Nodes;
using Harmony.Gateway.Cli;
using Harmony.Gateway.Tests.Cli;
using Harmony.Gateway.Tests.Management;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Docs;

/// <summary>
/// The commands that pages and help texts show: every one is understood by the program, and those that need nothing but a gateway run here.
/// <see cref="CliPageTests"/> and the tests of examples run the others.
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

    private static readonly string[] EchoMembers = ["path", "full_path", "headers", "original_data"];

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

    /// <summary>
    /// README and quick start: what `curl` is told to ask, a gateway with the configuration of the repository answers, with the members that the pages show.
    /// </summary>
    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/quickstart.md")]
    public async Task FirstRequests_OfThePage_AreAnsweredAsItSays(string file)
    {
        using var folder = new TestFolder();
        var (port, management) = (FreePort.Take(), FreePort.Take());
        foreach (var name in new[] { "config.toml", "pipelines/welcome.toml", "pipelines/echo.toml" })
        {
            var text = await File.ReadAllTextAsync(RepositoryFolder.PathOf(["config", .. name.Split('/')]));
            folder.Write(name, text.Replace("bind_port = 8080", $"bind_port = {port}", StringComparison.Ordinal)
                .Replace("[management]\n", $"[network.operators.tcp_config]\nbind_address = \"127.0.0.1\"\nbind_port = {management}\n[storage.options]\npath "
                    + $"= \"{folder.PathOf("state")}\"\n[management]\nnetwork = \"operators\"\n", StringComparison.Ordinal));
        }

        await using var process = HarmonyProcess.Start(folder.Path, "run", "-c", "config.toml");
        await process.WaitForAsync("Press Ctrl-C");
        var page = MarkdownPage.Read(file);
        var urls = page.Blocks.Where(b => b.Language == "sh").SelectMany(b => b.Text.Split('\n')).Where(l => l.StartsWith("curl -i ", StringComparison.Ordinal))
            .Select(l => l["curl -i ".Length..].Trim('\'')).ToList();
        Assert.NotEmpty(urls);
        using var client = TestClient.Http1(new Uri($"http://127.0.0.1:{port}"));
        using var operators = TestClient.Http1(new Uri($"http://127.0.0.1:{management}"));
        foreach (var url in urls.Where(u => u.Contains("/echo/", StringComparison.Ordinal)))
        {
            using var response = await client.GetAsync(new Uri(url).PathAndQuery);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.True(response.Headers.Contains("x-request-id"));
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
            var shown = page.Blocks.Single(b => b.Text.Contains("\"full_path\":\"/echo/hello\"", StringComparison.Ordinal)).Text;
            Assert.Equal(("hello", "/echo/hello"), ($"{answer["path"]}", $"{answer["full_path"]}"));
            Assert.All(EchoMembers, member => Assert.True(answer.ContainsKey(member) && shown.Contains($"\"{member}\"", StringComparison.Ordinal), member));
        }

        foreach (var path in new[] { "/admin/info", "/metrics", "/" }) Assert.Equal(HttpStatusCode.OK, (await operators.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
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
