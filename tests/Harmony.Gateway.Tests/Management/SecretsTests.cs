using System.Text.RegularExpressions;
using Harmony.Core.Configuration;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Management;
using Harmony.Gateway.Management.Access;
using Harmony.Gateway.Management.Validation;
using Harmony.Gateway.Management.Views;
using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Management;

/// <summary>Secrets stay where they are: in no answer, no line of the log, no message, no explanation.</summary>
public sealed partial class SecretsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EverySecretOfEveryRecord_IsMasked()
    {
        var registry = GatewayModules.CreateRegistry(TimeProvider.System);
        var planted = PlantedConfig.Of(registry);
        using var folder = new ConfigFolder(planted.ToString());
        var config = new ConfigLoader([], _ => null).Load(folder.Main);
        var shown = new MaskedConfig(config, registry).All().ToJsonString();
        Assert.DoesNotContain(PlantedConfig.Secret, shown, StringComparison.Ordinal);
        Assert.True(planted.Count > 40, $"{planted.Count} secrets are not all there are");
        Assert.Equal(planted.Count, Masks().Count(shown));
    }

    /// <summary>What would change is told without them, whichever way it goes.</summary>
    [Fact]
    public void Diff_OfEverythingAndNothing_ShowsNone()
    {
        var registry = GatewayModules.CreateRegistry(TimeProvider.System);
        using var folder = new ConfigFolder(PlantedConfig.Of(registry).ToString());
        using var empty = new ConfigFolder();
        var (all, none) = (new ConfigLoader([], _ => null).Load(folder.Main), new ConfigLoader([], _ => null).Load(empty.Main));
        foreach (var (old, next) in new[] { (all, none), (none, all) })
        {
            var diff = MaskedDiff.Of(old, next, ConfigDifference.Between(old, next), registry);
            Assert.True(diff.Count > 100);
            Assert.DoesNotContain(diff, l => l.Contains(PlantedConfig.Secret, StringComparison.Ordinal));
        }
    }

    /// <summary>Whatever is wrong with such a configuration, and much is: no message quotes a secret.</summary>
    [Fact]
    public async Task Messages_QuoteNone()
    {
        var planted = PlantedConfig.Of(GatewayModules.CreateRegistry(TimeProvider.System));
        using var folder = new ConfigFolder(planted.ToString());
        foreach (var command in new[] { "check", "explain", "run" })
        {
            var run = await CommandLine.RunAsync(folder, command, "-c", "FOLDER/config.toml");
            Assert.Equal(1, run.ExitCode);
            Assert.DoesNotContain(PlantedConfig.Secret, run.Output + run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AGatewayThatRuns_TellsNone()
    {
        var said = new List<string>();
        await using (var gateway = await ManagedGateway.StartAsync(
            "token = \"planted-token-0123\"", Live.Replace("gateway.log", _folder.PathOf("gateway.log"), StringComparison.Ordinal)))
        {
            foreach (var operation in new ManagementApi(new ManagementSection()).Operations.Where(o => o.Need != AccessNeed.Changing))
            {
                said.Add(await (await gateway.Anybody.GetAsync("/admin/" + operation.Path)).Content.ReadAsStringAsync());
            }

            foreach (var path in new[] { "/secured", "/forward?api_key=planted-query" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{gateway.Gateway.Port}{path}"));
                request.Headers.TryAddWithoutValidation("Authorization", "Bearer planted-bearer");
                using var client = TestClient.Http1(request.RequestUri!);
                said.Add((await client.SendAsync(request)).ToString());
            }

            said.Add((await gateway.Anybody.PostAsync("/admin/reload", new StringContent("planted"))).ToString());
            gateway.Gateway.Folder.Write("config.toml", gateway.Gateway.Managed("one", "token = \"planted-token-0123\"", Live + "\n[backends.answer]"));
            said.Add((await gateway.PostAsync("reload")).Answer.ToJsonString());
            said.Add((await gateway.GetAsync("config/status")).Answer.ToJsonString());
            var run = await CommandLine.RunAsync(gateway.Gateway.Folder, "explain", "-c", "FOLDER/config.toml");
            said.Add(run.Output + run.Error);
        }

        said.Add(await File.ReadAllTextAsync(_folder.PathOf("gateway.log")));

        Assert.All(said, text => Assert.DoesNotContain(PlantedConfig.Secret, text, StringComparison.Ordinal));
        Assert.True(said[^1].Length > 1000, "the log holds nothing");
    }

    private const string Live = """
        [pipelines.secured]
        networks = ["main"]
        endpoints = ["secured"]
        middleware = ["jwt"]
        backends = ["answer"]
        [endpoints.secured]
        service = "http"
        options.path_prefix = "/secured"
        [middleware.jwt]
        type = "jwt_auth"
        options.use_hs256 = true
        options.hs256_secret = "planted-hs256-0123456789abcdef0123456789"
        [pipelines.forward]
        networks = ["main"]
        endpoints = ["forward"]
        middleware = ["webhook"]
        backends = ["forward"]
        [endpoints.forward]
        service = "http"
        options.path_prefix = "/forward"
        [backends.forward]
        service = "http"
        target_ref = "archive"
        options.max_retries = 1
        options.headers.X-Key = "planted-header"
        [targets.archive]
        url = "http://127.0.0.1:9/"
        authentication = "archive"
        [authentications.archive]
        method = "basic"
        [authentications.archive.options]
        username = "gateway"
        password = "planted-password"
        [middleware.webhook]
        type = "webhook"
        options.endpoint = "http://127.0.0.1:9/hook?key=planted-hook"
        options.apply = "left"
        [mesh.clinics]
        type = "http"
        provider = "local"
        jwt_secret = "planted-mesh-0123456789abcdef0123456789"
        [telemetry]
        headers = { X-Key = "planted-telemetry" }
        [logging]
        log_level = "trace"
        log_to_file = true
        log_file_path = "gateway.log"
        """;

    [GeneratedRegex(@"\*\*\*")]
    private static partial Regex Masks();
}
