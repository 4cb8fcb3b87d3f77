using System.Net;
using System.Text.Json.Nodes;
using Harmony.Gateway.Tests.Reloading;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Management.Validation;

/// <summary>Files that somebody wants tried.</summary>
public sealed class DryRunTests
{
    [Fact]
    public async Task GoodFiles_SayWhatWouldChange_AndNothingDoes()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        var before = Directory.GetDirectories(Path.GetTempPath(), "harmony-validate-*").Length;
        var main = gateway.Gateway.Managed("two", more: "[extensions.x]\nnote = 'new'").Replace($"{gateway.Gateway.Port}", "8099", StringComparison.Ordinal);
        var (status, answer) = await ValidateAsync(gateway, ("config.toml", main), ("pipelines/new.toml", ReloadingGateway.Pipeline("new", "new")));
        Assert.Equal((HttpStatusCode.OK, true, "[]"), (status, answer["valid"]!.GetValue<bool>(), answer["problems"]!.ToJsonString()));
        Assert.Equal(["backends.new", "endpoints.new", "extensions", "pipelines.new"], Names(answer["added"]));
        Assert.Equal(["endpoints.answer", "network.main"], Names(answer["changed"]));
        Assert.Equal(["http://127.0.0.1:8099"], Names(answer["listeners_added"]));
        Assert.Equal([$"http://127.0.0.1:{gateway.Gateway.Port}"], Names(answer["listeners_removed"]));
        Assert.Equal((HttpStatusCode.OK, 1), (await gateway.Gateway.GetAsync("/one"), gateway.Gateway.Reloader.Status.Version));
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

    /// <summary>Whoever may try a configuration must not read by it what the gateway's user can read.</summary>
    [Theory]
    [InlineData("[extensions.z]\na = '${file:/etc/passwd}'", "/etc/passwd")]
    [InlineData("[extensions.z]\na = '${file:../secret.txt}'", "../secret.txt")]
    [InlineData("[extensions.z]\na = '${file:beside.txt}'", "beside.txt")]
    [InlineData("[extensions.z]\na = '${file:/dev/zero}'", "/dev/zero")]
    [InlineData("[middleware.z]\ntype = 'basic_auth'\noptions = { users_file = '/etc/passwd' }", "/etc/passwd")]
    [InlineData("[middleware.z]\ntype = 'jwt_auth'\noptions = { public_key_path = 'beside.txt' }", "beside.txt")]
    [InlineData("[middleware.z]\ntype = 'schema'\noptions = { schema_path = '/proc/self/environ' }", "/proc/self/environ")]
    [InlineData("[middleware.z]\ntype = 'transform'\noptions = { spec_path = '/etc/passwd' }", "/etc/passwd")]
    [InlineData("[policies.p]\nrules = ['g']\n[rules.g]\ntype = 'geo'\noptions = { country_codes = ['DE'], database = '/dev/zero' }", "/dev/zero")]
    [InlineData("[network.z.tcp_config]\nbind_address = '127.0.0.1'\nbind_port = 1\ncert_path = '/etc/ssl/x.pem'\nkey_path = 'beside.txt'", "/etc/ssl/x.pem")]
    public async Task File_ThatWasNotSent_AndDoesNotRun_IsNotRead(string tables, string path)
    {
        await using var gateway = await ManagedGateway.StartAsync();
        gateway.Gateway.Folder.Write("beside.txt", "beside-the-configuration");
        var (status, answer) = await ValidateAsync(gateway, ("config.toml", gateway.Gateway.Managed("one", more: tables)));
        Assert.Equal((HttpStatusCode.OK, false), (status, answer["valid"]!.GetValue<bool>()));
        Assert.Contains(answer["problems"]!.AsArray(),
            p => p!["message"]!.ToString().StartsWith($"'{path}' is not among the files that were sent", StringComparison.Ordinal));
        Assert.DoesNotContain("beside-the-configuration", answer.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("root:", answer.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_ThatWasNotSent_IsNotRead()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        gateway.Gateway.Folder.Write("others/secret.toml", "password = hunter2");
        var main = gateway.Gateway.Managed("one")
            .Replace("primary_provider", $"pipelines_path = '{gateway.Gateway.PathOf("others")}'\nprimary_provider", StringComparison.Ordinal);
        var (_, answer) = await ValidateAsync(gateway, ("config.toml", main));
        Assert.False(answer["valid"]!.GetValue<bool>());
        Assert.DoesNotContain("hunter2", answer.ToJsonString(), StringComparison.Ordinal);
    }

    /// <summary>What the running configuration reads, a trial reads too, and does not tell.</summary>
    [Fact]
    public async Task File_OfTheRunningConfiguration_IsRead_AndNotTold()
    {
        await using var gateway =
            await ManagedGateway.StartAsync(g => g.Write("secrets/word", "0123456789-of-the-file").Write("keys", "north:0123456789abcdef-north"),
            more: "[extensions.x]\nsecret = '${file:secrets/word}'\n[middleware.k]\ntype = 'api_key'\noptions.keys_file = 'keys'");
        var (_, answer) = await ValidateAsync(gateway, ("config.toml", gateway.Gateway.Managed("one",
            more: "[extensions.x]\nnote = 'it is ${file:secrets/word}'\n[backends.told]\nservice = '${file:secrets/word}'\n[middleware.k]\ntype = "
                + "'api_key'\noptions.keys_file = 'keys'")));
        Assert.DoesNotContain("of-the-file", answer.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("were sent", answer.ToJsonString(), StringComparison.Ordinal);
    }

    /// <summary>Code runs when it is loaded, whatever the file is called.</summary>
    [Theory]
    [InlineData("plugin.dll")]
    [InlineData("scan.dcm")]
    public async Task Plugin_ThatDoesNotRun_IsNotLoaded(string name)
    {
        await using var gateway = await ManagedGateway.StartAsync();
        File.Copy(typeof(DryRunTests).Assembly.Location, gateway.Gateway.PathOf(name));
        var (_, answer) = await ValidateAsync(
            gateway, ("config.toml", gateway.Gateway.Managed("one", more: $"[middleware_types.stamp]\nmodule = '{gateway.Gateway.PathOf(name)}'")));
        var problem = Assert.Single(answer["problems"]!.AsArray())!;
        Assert.Equal("warning", problem["severity"]!.ToString());
        Assert.Contains("is not loaded by a trial", problem["message"]!.ToString(), StringComparison.Ordinal);
        Assert.True(answer["valid"]!.GetValue<bool>());
    }

    /// <summary>Twenty thousand tables of one kind took minutes.</summary>
    [Fact]
    public async Task Tables_OfOneKind_CostTimeInProportion()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        var tables = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"[targets.t{i}]\nconnection.host = 'h{i}.example'\n"));
        var (status, answer) = await ValidateAsync(gateway, ("config.toml", gateway.Gateway.Managed("one", more: tables))).WaitAsync(Guard.Token);
        Assert.Equal((HttpStatusCode.OK, 20_000), (status, answer["added"]!.AsArray().Count));
    }

    [Fact]
    public async Task Trial_ThatNobodyWaitsFor_Ends()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gateway.Gateway.Host.TryAsync(
            new Harmony.Gateway.Management.Validation.UploadedFiles("config.toml", new Dictionary<string,
                string>
            { ["config.toml"] = gateway.Gateway.Managed("one") }), gone.Token));
        Assert.Equal(HttpStatusCode.OK, (await ValidateAsync(gateway, ("config.toml", gateway.Gateway.Managed("one")))).Status);
    }

    [Fact]
    public async Task File_BelowAnotherFile_IsRefused()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        var (status, answer) = await ValidateAsync(gateway, ("config.toml", gateway.Gateway.Managed("one")), ("p", "x"), ("p/q/r.toml", "y"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("'p/q/r.toml' lies below another file", answer["message"]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("+1")]
    [InlineData("%201")]
    [InlineData("1%20")]
    [InlineData("-1")]
    [InlineData("1.0")]
    public async Task Version_ThatIsNoNumber_IsRefused(string version)
    {
        await using var gateway = await ManagedGateway.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.PostAsync($"config/rollback/{version}")).Status);
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
        => gateway.PostAsync(
            "config/validate", new JsonObject { ["files"] = new JsonObject(files.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)f.Text))) }.ToJsonString());

    private static string[] Names(JsonNode? names) => [.. names!.AsArray().Select(n => n!.ToString())];
}
