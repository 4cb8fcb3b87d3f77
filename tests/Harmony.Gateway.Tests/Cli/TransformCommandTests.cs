using System.Text.Json.Nodes;
using Harmony.Testing.Requirements;

namespace Harmony.Gateway.Tests.Cli;

/// <summary><c>harmony transform</c>; docs/cli.md holds further cases.</summary>
public sealed class TransformCommandTests
{
    private const int EveryNth = 12;

    [Fact]
    public async Task Envelope_WrapsDocumentAndContext()
    {
        using var folder = new ConfigFolder();
        folder.Write("spec.json", """[{"operation":"shift","spec":{"data":{"a":"b"},"context":{"request_details":{"method":"m"}}}}]""")
            .Write("in.json", """{"a":1.10}""").Write("context.json", """{"request_details":{"method":"PUT"}}""");
        var run = await CommandLine.RunAsync(folder, "transform", "FOLDER/spec.json", "FOLDER/in.json", "--context", "FOLDER/context.json", "--envelope");
        Assert.Equal((0, """{"b":1.10,"m":"PUT"}""", ""), (run.ExitCode, Compact(run.Output), run.Error));
    }

    [Fact]
    public async Task Diff_ShowsWhatEachOperationChanged()
    {
        using var folder = new ConfigFolder();
        folder.Write("spec.json", """[{"operation":"shift","spec":{"a":"b"}},{"operation":"sort"},{"operation":"default","spec":{"c":2}}]""").Write("in.json", """{"a":1}""");
        var run = await CommandLine.RunAsync(folder, "transform", "FOLDER/spec.json", "FOLDER/in.json", "--diff");
        Assert.Equal(0, run.ExitCode);
        var parts = run.Output.Split("# operation ", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, parts.Length);
        Assert.Matches("^0: shift\n(.*\n)*- .*\"a\": 1\n\\+ .*\"b\": 1\n", parts[0]);
        Assert.Equal("1: sort\n(nothing changed)\n", parts[1]);
        Assert.Matches("^2: default\n(.*\n)*\\+ .*\"c\": 2\n", parts[2]);
    }

    [Fact]
    public async Task Envelope_Missing_IsAdvised()
    {
        using var folder = new ConfigFolder();
        folder.Write("spec.json", """[{"operation":"shift","spec":{"data":"data"}}]""").Write("in.json", "{}");
        var run = await CommandLine.RunAsync(folder, "transform", "FOLDER/spec.json", "FOLDER/in.json");
        Assert.Equal((0, "null\n"), (run.ExitCode, run.Output));
        Assert.Contains("--envelope", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none.json", "in.json", "none.json: cannot be read: no such file")]
    [InlineData("spec.json", "none.json", "none.json: cannot be read: no such file")]
    [InlineData("spec.json", "bad.json", "bad.json(2,3): is not JSON, or nests deeper than 512")]
    [InlineData("bad.json", "in.json", "bad.json: $: it is not JSON")]
    [InlineData("twice.json", "in.json", "in.json: the transformation was stopped")]
    public async Task Files_ThatCannotBeUsed_AreNamed(string spec, string input, string expected)
    {
        using var folder = new ConfigFolder();
        folder.Write("spec.json", """[{"operation":"sort"}]""").Write("in.json", """{"a":1}""").Write("bad.json", "{\n  x}")
            .Write("twice.json", "[" + string.Join(',', Enumerable.Repeat("""{"operation":"shift","spec":{"@":["a","b"]}}""", 40)) + "]");
        var run = await CommandLine.RunAsync(folder, "transform", $"FOLDER/{spec}", $"FOLDER/{input}");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith(expected, run.Error, StringComparison.Ordinal);
    }

    [SharedFact("conformance/jolt/vectors.json")]
    public async Task Vectors_ASample_PassThroughTheCommandLine()
    {
        var file = SharedFolder.PathOf("conformance/jolt/vectors.json");
        var vectors = JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsArray();
        for (var i = 0; i < vectors.Count; i += EveryNth) await CheckAsync(vectors[i]!);
    }

    private static async Task CheckAsync(JsonNode vector)
    {
        using var folder = new ConfigFolder();
        folder.Write("spec.json", Text(vector["spec"])).Write("in.json", Text(vector["input"])).Write("context.json", Text(vector["context"]));
        string[] context = vector["context"] is null ? [] : ["--context", "FOLDER/context.json"];
        var run = await CommandLine.RunAsync(folder, ["transform", "FOLDER/spec.json", "FOLDER/in.json", .. context]);
        Assert.True(run.ExitCode == (vector["error"] is null ? 0 : 1), $"{vector["name"]}: {run.Error}");
        if (run.ExitCode == 0) Assert.True(JsonNode.DeepEquals(JsonNode.Parse(run.Output), vector["expected"]), $"{vector["name"]}: {run.Output}");
    }

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "null";

    private static string Compact(string json) => JsonNode.Parse(json)!.ToJsonString();
}
