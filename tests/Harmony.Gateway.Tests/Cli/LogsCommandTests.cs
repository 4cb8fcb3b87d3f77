using System.Text.Json.Nodes;
using Harmony.Gateway.Tests.Management;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Cli;

/// <summary>The log of a gateway at a terminal: from its files, through rotations, and from a gateway that keeps none.</summary>
public sealed class LogsCommandTests
{
    private const string Text = """
        2026-11-30T03:00:00.000Z  INFO harmony [1001] harmony 1.2.3 serves
        2026-11-30T03:00:01.000Z  INFO harmony.http [2002] request_id=aa GET on network 'main' refused with 404: no route
        2026-11-30T03:00:02.000Z ERROR harmony.http [2005] request_id=bb trace_id=77 GET through pipeline 'orders' answered 502: backend unreachable: refused
            GatewayException: refused
            SocketException: Connection refused
        2026-11-30T03:00:03.000Z  WARN harmony.forward [2105] target 'a' of backend 'orders' is down

        """;

    [Theory]
    [InlineData("03:00:00 03:00:01 03:00:02 GatewayException SocketException 03:00:03")]
    [InlineData("03:00:02 GatewayException SocketException 03:00:03", "--level", "warn")]
    [InlineData("03:00:02 GatewayException SocketException", "--request", "bb")]
    [InlineData("03:00:02 GatewayException SocketException", "--pipeline", "orders")]
    [InlineData("03:00:03", "-n", "1")]
    [InlineData("", "--request", "b")]
    public async Task File_ShowsWhatIsAskedFor(string parts, params string[] words)
    {
        using var folder = Folder();
        folder.Write("harmony.log", Text);
        var run = await RunAsync(folder, words);
        Assert.Equal(0, run.ExitCode);
        var expected = parts.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected.Length, lines.Length);
        Assert.All(expected.Zip(lines), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Json_OfATextLog_HasTheMembersOfTheJsonLog()
    {
        using var folder = Folder();
        folder.Write("harmony.log", Text);
        var entry = JsonNode.Parse(Assert.Single((await RunAsync(folder, "--request", "bb", "--json")).Lines))!;
        Assert.Equal(
            ("2026-11-30T03:00:02.000Z", "error", "harmony.http", "2005", "bb", "77", "orders"),
            ($"{entry["timestamp"]}", $"{entry["level"]}", $"{entry["target"]}", $"{entry["event_id"]}", $"{entry["request_id"]}", $"{entry["trace_id"]}",
                $"{entry["pipeline"]}"));
        Assert.Equal("GET through pipeline 'orders' answered 502: backend unreachable: refused", $"{entry["message"]}");
        Assert.Equal("GatewayException: refused\nSocketException: Connection refused", $"{entry["exception"]}");
    }

    [Fact]
    public async Task Json_OfAJsonLog_IsAsItWasWritten()
    {
        using var folder = Folder("format = \"json\"");
        var line = """{"timestamp":"2026-11-30T03:00:02.000Z","level":"warn","target":"harmony.http","message":"it's","request_id":"bb"}""";
        folder.Write("harmony.log", line + "\n");
        Assert.Equal([line], (await RunAsync(folder, "--level", "warn", "--json")).Lines);
        Assert.Equal("", (await RunAsync(folder, "--level", "error")).Output);
    }

    [Fact]
    public async Task Access_IsReadByStatusAndRequest()
    {
        using var folder = Folder("[logging.access]\nenabled = true\ntarget = \"FOLDER/access.log\"");
        folder.Write("access.log", """
            {"time":"2026-11-30T03:00:00.000Z","request_id":"aa","status":200,"pipeline":"orders"}
            {"time":"2026-11-30T03:00:01.000Z","request_id":"bb","status":502,"pipeline":"orders"}
            {"time":"2026-11-30T03:00:02.000Z","request_id":"cc","status":404}

            """);
        Assert.Equal(["aa", "bb"], Ids(await RunAsync(folder, "--access", "--pipeline", "orders", "--json")));
        Assert.Equal(["bb", "cc"], Ids(await RunAsync(folder, "--access", "--level", "warn", "--json")));
        Assert.Equal(["bb"], Ids(await RunAsync(folder, "--access", "--level", "error", "--json")));
        Assert.Equal(["cc"], Ids(await RunAsync(folder, "--access", "--request", "cc", "--json")));
    }

    /// <summary>The files that were put aside are part of the log.</summary>
    [Fact]
    public async Task File_PutAside_ComesFirst()
    {
        using var folder = Folder();
        foreach (var (name, id) in new[] { ("harmony.log.2", "aa"), ("harmony.log.1", "bb"), ("harmony.log", "cc") }) folder.Write(name, Line(id));
        Assert.Equal(["aa", "bb", "cc"], Ids(await RunAsync(folder, "--json")));
    }

    [Fact]
    public async Task Follow_GoesOnThroughARotation()
    {
        using var folder = Folder();
        var log = Path.Combine(folder.Path, "harmony.log");
        folder.Write("harmony.log", Line("aa"));
        using var output = new LockedWriter();
        using var stop = new CancellationTokenSource();
        var run = CommandLine.RunAsync(folder, output, stop.Token, "logs", "--follow", "--json", "-c", "FOLDER/config.toml");
        await Guard.UntilAsync(() => output.Has("aa"));
        await File.AppendAllTextAsync(log, Line("bb"));
        await Guard.UntilAsync(() => output.Has("bb"));
        await File.AppendAllTextAsync(log, Line("cc"));
        File.Move(log, log + ".1");
        await File.WriteAllTextAsync(log, Line("dd"));
        await Guard.UntilAsync(() => output.Has("dd"));
        await stop.CancelAsync();
        Assert.Equal(0, (await run).ExitCode);
        Assert.Equal(["aa", "bb", "cc", "dd"], Ids(await run));
    }

    /// <summary>Without a file, the gateway that runs tells what it keeps in memory.</summary>
    [Fact]
    public async Task Gateway_WithoutAFile_IsAsked()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{gateway.Gateway.Port}/nothing"));
        request.Headers.Add("x-request-id", "lost-7");
        using var response = await gateway.Anybody.SendAsync(request);
        var run = await CommandLine.RunAsync(gateway.Gateway.Folder, "logs", "--request", "lost-7", "-c", "FOLDER/config.toml");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("refused with 404: no route", Assert.Single(run.Lines), StringComparison.Ordinal);

        using var output = new LockedWriter();
        using var stop = new CancellationTokenSource();
        var following = CommandLine.RunAsync(gateway.Gateway.Folder, output, stop.Token, "logs", "--follow", "-n", "0", "-c", "FOLDER/config.toml");
        for (var limit = Guard.Token; !output.Has("refused with 404"); limit.ThrowIfCancellationRequested())
        {
            await gateway.Gateway.GetAsync("/nothing");
            await Task.Delay(20);
        }

        await stop.CancelAsync();
        Assert.Equal(0, (await following).ExitCode);
    }

    [Theory]
    [InlineData("", "[management] is not enabled")]
    [InlineData("[logging.access]\nenabled = false", "[logging.access] is not enabled", "--access")]
    [InlineData("[logging.access]\nenabled = true", "the access log goes to standard output", "--access")]
    [InlineData("[logging.access]\nenabled = true\nformat = \"common\"\ntarget = \"a.log\"", "has no ids of requests", "--access")]
    [InlineData("[logging]\nlog_to_file = true\nlog_file_path = \"/nowhere/harmony.log\"", "cannot read the log")]
    public async Task Log_ThatIsNotThere_SaysWhatToDo(string logging, string message, params string[] words)
    {
        using var folder = new ConfigFolder($"[proxy]\nname = \"test\"\nprimary_provider = \"local\"\n{logging}");
        var run = await RunAsync(folder, words);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private static ConfigFolder Folder(string logging = "")
    {
        var folder = new ConfigFolder();
        folder.Write("config.toml", $"[proxy]\nname = \"test\"\nprimary_provider = \"local\"\n[logging]\nlog_to_file = true\nlog_file_path = "
            + $"\"{folder.Path}/harmony.log\"\n{logging.Replace("FOLDER", folder.Path, StringComparison.Ordinal)}");
        return folder;
    }

    private static string Line(string id) => $"2026-11-30T03:00:00.000Z  INFO harmony.http [2002] request_id={id} GET refused\n";

    private static IEnumerable<string> Ids(CommandLine run) => run.Lines.Select(l => $"{JsonNode.Parse(l)!["request_id"]}");

    private static Task<CommandLine> RunAsync(ConfigFolder folder, params string[] words)
        => CommandLine.RunAsync(folder, ["logs", .. words, "-c", "FOLDER/config.toml"]);
}
