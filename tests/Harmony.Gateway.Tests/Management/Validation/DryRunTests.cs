using System.Net;
using System.Text.Json.Nodes;
using Harmony.Gateway.Tests.Reloading;

namespace Harmony.Gateway.Tests.Management.Validation;

/// <summary>Files that somebody wants tried.</summary>
public sealed class DryRunTests
{
    [Fact]
    public async Task GoodFiles_SayWhatWouldChange_AndNothingDoes()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        gateway.Gateway.Folder.Write("certs/clients.txt", "by a link");
        var before = Directory.GetDirectories(Path.GetTempPath(), "harmony-validate-*").Length;
        var main = gateway.Gateway.Managed("two", more: "[extensions.x]\nnote = '${file:certs/clients.txt}'").Replace($"{gateway.Gateway.Port}", "8099", StringComparison.Ordinal);
        var (status, answer) = await ValidateAsync(gateway, ("config.toml", main), ("pipelines/new.toml", ReloadingGateway.Pipeline("new", "new")));
        Assert.Equal((HttpStatusCode.OK, true, "[]"), (status, answer["valid"]!.GetValue<bool>(), answer["problems"]!.ToJsonString()));
        Assert.Equal(["backends.new", "endpoints.new", "extensions", "pipelines.new"], Names(answer["added"]));
        Assert.Equal(["endpoints.answer", "network.main"], Names(answer["changed"]));
        Assert.Equal(["http://127.0.0.1:8099"], Names(answer["listeners_added"]));
        Assert.Equal([$"http://127.0.0.1:{gateway.Gateway.Port}"], Names(answer["listeners_removed"]));
        Assert.Equal((HttpStatusCode.OK, 1), (await gateway.Gateway.GetAsync("/one"), gateway.Gateway.Reloader.Status.Version));
        Assert.Equal("by a link", await File.ReadAllTextAsync(gateway.Gateway.PathOf("certs/clients.txt")));
        Assert.InRange(Directory.GetDirectories(Path.GetTempPath(), "harmony-validate-*").Length, 0, before);
    }

    [Fact]
    public async Task Mistakes_HavePlacesInTheUploadedFiles()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        var (status, answer) = await ValidateAsync(gateway,
            ("config.toml", gateway.Gateway.Managed("two")),
            ("pipelines/new.toml", ReloadingGateway.Pipeline("new", "new").Replace("backends = [\"new\"]", "backends = [\"nwe\"]", StringComparison.Ordinal)));
        Assert.Equal((HttpStatusCode.OK, false), (status, answer["valid"]!.GetValue<bool>()));
        var problem = Assert.Single(answer["problems"]!.AsArray(), p => p!["severity"]!.ToString() == "error")!;
        Assert.Equal(("pipelines/new.toml", 4), (problem["file"]!.ToString(), problem["line"]!.GetValue<int>()));
        Assert.Equal("backend 'nwe' is not defined; did you mean 'new'?", problem["message"]!.ToString());
    }

    [Theory]
    [InlineData("../config.toml")]
    [InlineData("/etc/passwd")]
    [InlineData("pipelines/../../x.toml")]
    [InlineData("pipelines//x.toml")]
    [InlineData("./x.toml")]
    [InlineData("a\\b.toml")]
    [InlineData("c:x.toml")]
    [InlineData("a\u0000b")]
    [InlineData("")]
    public async Task Path_ThatLeadsElsewhere_IsRefused(string path)
    {
        await using var gateway = await ManagedGateway.StartAsync();
        var (status, answer) = await ValidateAsync(gateway, ("config.toml", gateway.Gateway.Managed("two")), (path, "x"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("no path of a file below", answer["message"]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "the body must be {\"files\"")]
    [InlineData("[]", "the body must be a JSON object")]
    [InlineData("{\"files\":{\"a.toml\":\"\"}}", "the main file 'config.toml' is not among the files")]
    [InlineData("{\"files\":{\"config.toml\":7}}", "the file 'config.toml' must be a text")]
    public async Task Body_ThatIsNoSetOfFiles_IsRefused(string body, string why)
    {
        await using var gateway = await ManagedGateway.StartAsync();
        var (status, answer) = await gateway.PostAsync("config/validate", body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(why, answer["message"]!.ToString(), StringComparison.Ordinal);
    }

    private static Task<(HttpStatusCode Status, JsonObject Answer)> ValidateAsync(ManagedGateway gateway, params (string Name, string Text)[] files)
        => gateway.PostAsync("config/validate", new JsonObject { ["files"] = new JsonObject(files.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)f.Text))) }.ToJsonString());

    private static string[] Names(JsonNode? names) => [.. names!.AsArray().Select(n => n!.ToString())];
}
