using System.Text.Json.Nodes;

namespace Harmony.Gateway.Tests.Cli;

/// <summary>What <c>harmony modules</c> prints.</summary>
public sealed class ModulesCommandTests
{
    [Fact]
    public async Task List_NamesModulesOfEveryKind()
    {
        var run = await CommandLine.RunAsync("modules");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("  http   HTTP/1.1, HTTP/2 and HTTP/3 from clients, on Kestrel.", run.Lines);
        Assert.Contains("  echo                    Responds with the request that it received, for trying out pipelines. (endpoint, backend)", run.Lines);
        Assert.Contains("  page                    Serves a page that shows the endpoints of this gateway. (backend)", run.Lines);
        Assert.Contains(run.Lines, l => l.StartsWith("  passthru (also noop) ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Name_PrintsEveryOption()
    {
        var run = await CommandLine.RunAsync("modules", "http");
        Assert.Contains("[endpoints.NAME.options]", run.Lines);
        Assert.Contains("[backends.NAME.options.health_check]", run.Lines);
        Assert.Contains("  base_url: string; not empty; also written url", run.Lines);
        Assert.Contains("  connect_timeout_secs: integer; default 10; 1 to 300", run.Lines);
        Assert.Contains("      Time-out for connecting, in seconds.", run.Lines);
    }

    [Theory]
    [InlineData("noop", "Middleware type passthru (also noop): Does nothing; a placeholder.")]
    [InlineData("connection", "Middleware type connect (also connection): Does nothing; accepted because older configurations contain it.")]
    public async Task Alias_FindsTheModule(string name, string line) => Assert.Equal(line, (await CommandLine.RunAsync("modules", name)).Lines[0]);

    [Fact]
    public async Task UnknownName_NamesTheNearest()
    {
        var run = await CommandLine.RunAsync("modules", "htpp");
        Assert.Equal((1, "", "no module is called 'htpp'; did you mean 'http'?\n"), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task Json_HoldsEveryOption()
    {
        var json = JsonNode.Parse((await CommandLine.RunAsync("modules", "--json")).Output)!;
        var http = json["services"]!.AsArray().Single(s => s!["name"]!.GetValue<string>() == "http")!;
        var timeout = http["backend_options"]!.AsArray().Single(o => o!["key"]!.GetValue<string>() == "connect_timeout_secs")!;
        Assert.Equal("integer", timeout["type"]!.GetValue<string>());
        Assert.Equal("10", timeout["default"]!.GetValue<string>());
        Assert.Equal((1.0, 300.0), (timeout["min"]!.GetValue<double>(), timeout["max"]!.GetValue<double>()));
        Assert.Null(json["services"]!.AsArray().Single(s => s!["name"]!.GetValue<string>() == "page")!["endpoint_options"]);
    }

    [Fact]
    public async Task EveryKey_SaysWhatItIsFor()
    {
        var json = JsonNode.Parse((await CommandLine.RunAsync("modules", "--json")).Output)!;
        var options = json["services"]!.AsArray().SelectMany(s => Options(s!["endpoint_options"]).Concat(Options(s["backend_options"])))
            .Concat(json["middleware"]!.AsArray().SelectMany(m => Options(m!["options"])));
        Assert.All(options, o => Assert.NotEqual("", o["description"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Json_IsAsDocumented()
        => PageMembers.AssertDocumented(JsonNode.Parse((await CommandLine.RunAsync("modules", "--json")).Output));

    private static IEnumerable<JsonNode> Options(JsonNode? options)
        => options is null ? [] : options.AsArray().SelectMany(o => Options(o!["options"]).Prepend(o));
}
