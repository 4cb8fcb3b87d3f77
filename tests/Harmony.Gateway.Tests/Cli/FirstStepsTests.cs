using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Harmony.Gateway.Cli.Starting;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Gateway.Tests.Cli;

/// <summary>From nothing to a gateway: what somebody types in the first minutes, mistakes included.</summary>
public sealed class FirstStepsTests
{
    [Theory]
    [InlineData("http")]
    [InlineData("echo")]
    [InlineData("dicom-store")]
    [InlineData("dicom-router")]
    [InlineData("jmix")]
    [InlineData("policies")]
    public async Task Init_WritesWhatChecks_AndNeverWritesOverAFile(string template)
    {
        using var folder = new TestFolder();
        var main = folder.PathOf("config.toml");
        var run = await CommandLine.RunAsync("init", template, "--folder", folder.Path);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var check = await CommandLine.RunAsync("check", main);
        Assert.True(check.ExitCode == 0, check.Output);

        await File.WriteAllTextAsync(main, "mine");
        run = await CommandLine.RunAsync("init", template, "--folder", folder.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("mine", await File.ReadAllTextAsync(main));
    }

    public static TheoryData<string> AllTemplates => [.. Templates.Names];

    /// <summary>What the last line of <c>init</c> says to do next works, whatever the template is.</summary>
    [PeerTheory("bash", "openssl")]
    [MemberData(nameof(AllTemplates))]
    public async Task Init_SaysWhatToDoNext_AndThatWorks(string template)
    {
        using var folder = new TestFolder();
        var run = await CommandLine.RunAsync("init", template, "--folder", folder.Path);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var commands = run.Lines[^1].Split('\'').Where((_, i) => i % 2 == 1).ToList();
        Assert.Contains(commands, c => c.StartsWith("harmony check ", StringComparison.Ordinal));
        foreach (var words in commands.Select(c => c.Split(' ')).Where(w => w is not ["harmony", "run", ..]))
        {
            if (words[0] != "harmony")
            {
                var made = await Programs.RunAsync(new ProcessStartInfo(words[0], words[1..]));
                Assert.True(made.ExitCode == 0, made.Printed);
                continue;
            }

            var check = await CommandLine.RunAsync(words[1..]);
            Assert.True(check.ExitCode == 0, check.Output);
        }
    }

    [Fact]
    public async Task MainFileBesideTheUser_IsFound_AndNamed()
    {
        using var folder = new ConfigFolder();
        var run = await HarmonyProcess.RunAsync(folder.Path, "check");
        Assert.Equal((0, "config.toml: no problems\n", "reading config.toml; --config FILE names another\n"), (run.ExitCode, run.Output, run.Error));
        folder.Write("config/config.toml", ConfigFolder.Good);
        run = await HarmonyProcess.RunAsync(folder.Path, "check");
        Assert.Equal((0, "config/config.toml: no problems\n", ""), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task Check_TakesTheFileAsAWord_AndPrintsJson()
    {
        using var folder = new ConfigFolder(ConfigFolder.WithUnknownReference);
        Assert.Equal(new CommandLine(1, "config.toml(20,18): error: authentication 'clinc' is not defined; did you mean 'clinic'?\nconfig.toml: 1 error\n", ""),
            await CommandLine.RunAsync(folder, "check", "FOLDER/config.toml"));
        var answer = JsonNode.Parse((await CommandLine.RunAsync(folder, "check", "FOLDER/config.toml", "--json")).Output)!;
        Assert.Equal((1, 0, 20, "error"),
            ((int)answer["errors"]!, (int)answer["warnings"]!, (int)answer["problems"]![0]!["line"]!, $"{answer["problems"]![0]!["severity"]}"));
    }

    [Theory]
    [InlineData("chekc", "harmony: Unrecognized command or argument 'chekc'", "did you mean 'check'?", "Usage: harmony --help prints the commands and options")]
    [InlineData("check --stric", "harmony check: Unrecognized command or argument '--stric'", "did you mean '--strict'?",
        "Usage: harmony check --help prints the commands and options")]
    public async Task Misspelt_IsThreeLines(string words, params string[] lines)
    {
        var run = await CommandLine.RunAsync(words.Split(' '));
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Equal(lines, run.ErrorLines);
    }

    [Fact]
    public async Task Help_OfEveryCommand_EndsWithExamplesThatParse()
    {
        foreach (var (command, examples) in Gateway.Cli.HelpExamples.All)
        {
            var run = command == "harmony"
                ? await CommandLine.RunAsync("help")
                : command.Contains(' ') ? await CommandLine.RunAsync([.. command.Split(' '), "--help"]) : await CommandLine.RunAsync("help", command);
            Assert.Equal((0, $"  {examples[^1]}"), (run.ExitCode, run.Lines[^1]));
            foreach (var example in examples)
            {
                var words = example.Split(' ').Skip(1).TakeWhile(w => w is not (">" or "<"));
                Assert.Empty(Gateway.Cli.HarmonyCommand.Parse([.. words]).Errors);
            }
        }

        Assert.Equal(await CommandLine.RunAsync("--version"), await CommandLine.RunAsync("version"));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _harmony harmony")]
    [InlineData("zsh", "compdef _harmony harmony")]
    [InlineData("fish", "complete -c harmony")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Completion_IsAScriptForTheShell(string shell, string words)
        => Assert.Contains(words, (await CommandLine.RunAsync("completion", shell)).Output, StringComparison.Ordinal);

    [Fact]
    public async Task Completion_AsksTheProgram_WhatItKnows()
    {
        var run = await CommandLine.RunAsync("[suggest:12]", "harmony stat");
        Assert.Contains("status", run.Lines);
    }

    [Fact]
    public async Task Proxy_ForwardsWithoutAFile()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        var port = FreePort.Take();
        using var stop = new CancellationTokenSource();
        using var output = new ReadyWriter();
        var running = CommandLine.RunAsync(null, output, stop.Token, "proxy", "--to", $"{origin.Url}", "--port", $"{port}");
        await output.Ready.Guarded();
        using var client = TestClient.Http1(new Uri($"http://127.0.0.1:{port}"));
        Assert.Equal("hi", await client.GetStringAsync("/a"));
        await stop.CancelAsync();
        Assert.Equal(0, (await running).ExitCode);
    }

    [Fact]
    public async Task Match_SaysWhereARequestGoes()
    {
        using var folder = new ConfigFolder();
        Assert.Equal(new CommandLine(0, "network 'main': endpoint 'api' → pipeline 'api' → backend 'origin'\n", ""),
            await CommandLine.RunAsync(folder, "match", "get", "/api/7", "-c", "FOLDER/config.toml"));
        Assert.Equal(
            new CommandLine(1, "network 'main': 404, no route\n", ""), await CommandLine.RunAsync(folder, "match", "GET", "/", "-c", "FOLDER/config.toml"));
        Assert.Equal(1, (await CommandLine.RunAsync(folder, "match", "GET", "/%zz", "-c", "FOLDER/config.toml")).ExitCode);
    }

    [Fact]
    public async Task Mermaid_DrawsEveryPipeline()
    {
        using var folder = new ConfigFolder();
        var run = await CommandLine.RunAsync(folder, "explain", "--mermaid", "-c", "FOLDER/config.toml");
        Assert.Equal(
            [
                "flowchart LR", "  subgraph p0[\"api\"]", "    p0c0n0([\"main (network)\"])", "    p0c1n0[\"api (/api and below)\"]", "    p0c0n0 --> p0c1n0",
                "    p0c2n0[\"origin (echo)\"]", "    p0c1n0 --> p0c2n0", "  end",
            ],
            run.Lines);
    }

    [Fact]
    public async Task Svg_DrawsEveryPipeline_AsXmlThatHoldsNoMarkupOfNames()
    {
        using var folder = new ConfigFolder(ConfigFolder.Good.Replace("[backends.origin]\nservice = \"echo\"",
            "[backends.origin]\nservice = \"http\"\noptions.base_url = \"http://127.0.0.1:9/a&b\"", StringComparison.Ordinal));
        var run = await CommandLine.RunAsync(folder, "explain", "--svg", "FOLDER/p.svg", "-c", "FOLDER/config.toml");
        Assert.Equal(new CommandLine(0, "wrote p.svg\n", ""), run);
        var svg = System.Xml.Linq.XDocument.Load(Path.Combine(folder.Path, "p.svg")).Root!;
        Assert.Equal(4, svg.Descendants().Count(e => e.Name.LocalName == "rect"));
        Assert.Equal(3, svg.Descendants().Count(e => e.Name.LocalName == "path" && e.Attribute("class") is null));
        Assert.Equal(1, (await CommandLine.RunAsync(folder, "explain", "--svg", "FOLDER/nowhere/p.svg", "-c", "FOLDER/config.toml")).ExitCode);
    }

    [Fact]
    public async Task Token_IsOneThatJwtAuthTakes()
    {
        using var folder = new TestFolder();
        folder.Write("secret", "0123456789abcdef0123456789abcdef\n");
        var port = FreePort.Take();
        using var config = new ConfigFolder(ConfigFolder.Good.Replace("8080", $"{port}").Replace("backends = [\"origin\"]", "backends = [\"origin\"]\nmiddleware = [\"jwt\"]") + """
            [middleware.jwt]
            type = "jwt_auth"
            options.use_hs256 = true
            options.hs256_secret = "0123456789abcdef0123456789abcdef"
            """);
        var token = (await CommandLine.RunAsync("token", "--secret-file", folder.PathOf("secret"), "--claim", "sub=ann")).Output.Trim();
        var expired = (await CommandLine.RunAsync("token", "--secret-file", folder.PathOf("secret"), "--claim", "sub=ann", "--expires", "-1000")).Output.Trim();
        using var stop = new CancellationTokenSource();
        using var output = new ReadyWriter();
        var running = CommandLine.RunAsync(config, output, stop.Token, "run", "-c", "FOLDER/config.toml");
        await output.Ready.Guarded();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await AskAsync(token), await AskAsync(expired)));
        await stop.CancelAsync();
        await running;

        async Task<HttpStatusCode> AskAsync(string bearer)
        {
            using var client = TestClient.Http1(new Uri($"http://127.0.0.1:{port}"));
            client.DefaultRequestHeaders.Authorization = new("Bearer", bearer);
            using var answer = await client.GetAsync("/api");
            return answer.StatusCode;
        }
    }

    /// <summary>Tells when the banner has been printed, which is flushed at its end.</summary>
    private sealed class ReadyWriter : StringWriter
    {
        private readonly TaskCompletionSource _ready = Guard.NewSignal();

        public Task Ready => _ready.Task;

        public override void Flush() => _ready.TrySetResult();
    }
}
