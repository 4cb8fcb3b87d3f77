using System.Diagnostics;
using System.Text.Json.Nodes;
using Harmony.Gateway.Management.Views;
using Harmony.Gateway.Tests.Cli;
using Harmony.Gateway.Tests.Docs;
using Harmony.Gateway.Tests.Reloading;
using Harmony.Testing;
using Harmony.Testing.Requirements;
using Microsoft.AspNetCore.Http;

namespace Harmony.Gateway.Tests.Management;

/// <summary>
/// Every page of the gateway in a browser: light and dark, wide and 360 px, with and without script. Nothing is fetched from elsewhere, nothing is wider than
/// the screen, the console stays empty, and axe finds nothing serious. Pictures of them, and of the drawings of five examples, are beside the test results, in
/// <c>artifacts/test-results/screenshots</c>, to be looked at.
/// </summary>
public sealed class BrowserTests(GatewayToLookAt gateway) : IClassFixture<GatewayToLookAt>
{
    private static readonly string[] Drawn = ["dicom-router", "dicomweb", "fhir-portal", "load-balancing", "policies"];

    private static readonly string[] Shapes = ["light-1200", "light-360", "dark-1200", "dark-360", "light-1200-no-script", "light-360-no-script"];

    [PeerTheory("node", "chromium", "npm:playwright-core", "npm:axe-core")]
    [InlineData("status")]
    [InlineData("api")]
    [InlineData("welcome")]
    [InlineData("status-first")]
    [InlineData("401")]
    [InlineData("404")]
    [InlineData("502")]
    [Trait("Category", "Slow")]
    public async Task Page_ShowsWellForEverybody(string page)
    {
        await LookAsync($"{page}={gateway.Pages[page]}");
        Assert.Equal(6, Shapes.Count(shape => File.Exists(Path.Combine(gateway.Pictures, $"{page}-{shape}.png"))));
    }

    [PeerFact("node", "chromium", "npm:playwright-core", "npm:axe-core")]
    [Trait("Category", "Slow")]
    public async Task Drawings_OfExamples_Show()
    {
        foreach (var example in Drawn)
        {
            var file = Path.Combine(gateway.Pictures, $"drawing-{example}.svg");
            var drawn = await CommandLine.RunAsync("explain", "--config", RepositoryFolder.PathOf("examples", example, "config.toml"), "--svg", file);
            Assert.True(drawn.ExitCode == 0, drawn.Error);
        }

        await LookAsync([.. Drawn.Select(e => $"drawing-{e}=file://{Path.Combine(gateway.Pictures, $"drawing-{e}.svg")}")]);
        Assert.All(Drawn, e => Assert.Equal(2, Directory.GetFiles(gateway.Pictures, $"drawing-{e}-*.png").Length));
    }

    private async Task LookAsync(params string[] pages)
    {
        var run = await Programs.RunAsync(
            new ProcessStartInfo(
                Peers.PathOf("node"),
                [
                    Path.Combine(AppContext.BaseDirectory, "Management", "pages.mjs"), Path.Combine(Peers.PathOf("npm:playwright-core"), "index.js"),
                    Path.Combine(Peers.PathOf("npm:axe-core"), "axe.min.js"), Peers.PathOf("chromium"), gateway.Pictures, .. pages,
                ]),
            TimeSpan.FromMinutes(3));
        Assert.True(run.ExitCode == 0, run.Printed);
        Assert.True(JsonNode.Parse(run.Output)!.AsArray().Count == 0, run.Output);
    }
}

/// <summary>A gateway that has met everything that its pages show, and one with the configuration that comes with the program.</summary>
public sealed class GatewayToLookAt : IAsyncLifetime
{
    private KestrelOrigin? _origin;
    private ManagedGateway? _gateway;
    private ReloadingGateway? _first;

    /// <summary>Where the pictures are.</summary>
    public string Pictures { get; } = RepositoryFolder.PathOf("artifacts", "test-results", "screenshots");

    /// <summary>The URL of each page.</summary>
    public IReadOnlyDictionary<string, string> Pages { get; private set; } = new Dictionary<string, string>();

    public async Task InitializeAsync()
    {
        if (Directory.Exists(Pictures)) Directory.Delete(Pictures, recursive: true);
        Directory.CreateDirectory(Pictures);
        _origin = await KestrelOrigin.StartAsync(context => context.Response.WriteAsync("{}"));
        _gateway = await ManagedGateway.StartAsync(
            folder => TestCertificate.Write(Path.Combine(folder.Path, "cert.pem"), Path.Combine(folder.Path, "key.pem"), days: 12),
            Everything(_origin.Url.Port));
        await MeetWhatAGatewayMeetsAsync(_gateway);
        var port = FreePort.Take();
        _first = await ReloadingGateway.StartAsync(g => DefaultConfiguration.WriteTo(g.Folder, port, g.ManagementPort));
        var (operators, clients) = (_gateway.Anybody.BaseAddress, $"http://127.0.0.1:{_gateway.Gateway.Port}");
        Pages = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["status"] = $"{operators}", ["api"] = $"{operators}admin/api", ["welcome"] = $"http://127.0.0.1:{port}/",
            ["status-first"] = $"http://127.0.0.1:{_first.ManagementPort}/", ["401"] = $"{clients}/wards", ["404"] = $"{clients}/nothing",
            ["502"] = $"{clients}/orders/7",
        };
    }

    public async Task DisposeAsync()
    {
        if (_first is not null) await _first.DisposeAsync();
        if (_gateway is not null) await _gateway.DisposeAsync();
        if (_origin is not null) await _origin.DisposeAsync();
    }

    /// <summary>Good and bad requests, a target that is down, and a file with a mistake; all of it recorded when this ends.</summary>
    private static async Task MeetWhatAGatewayMeetsAsync(ManagedGateway gateway)
    {
        for (var i = 0; i < 40; i++) await gateway.Gateway.GetAsync($"/records/{i}");
        for (var i = 0; i < 6; i++) await gateway.Gateway.GetAsync("/orders/7");
        for (var i = 0; i < 3; i++) await gateway.Gateway.GetAsync("/one");
        await gateway.Gateway.GetAsync("/wards");
        await gateway.Gateway.GetAsync("/nothing");
        await gateway.Gateway.SettledAsync();
        await Guard.UntilAsync(() => TargetsView.All(gateway.Gateway.Host.Snapshot).Single(t => t.Target.Name == "archive_ct").Target.DownSince is not null);
        var mistaken = gateway.Gateway.Managed("one", more: "[pipelines.broken]\nnetworks = [\"mian\"]\nendpoints = [\"answr\"]\nbackends = [\"answer\"]\n");
        gateway.Gateway.Folder.Write("config.toml", mistaken);
        await gateway.PostAsync("reload");
    }

    private static string Everything(int origin) => $$"""
        [network.outside.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = {{FreePort.Take()}}
        cert_path = "cert.pem"
        key_path = "key.pem"
        [pipelines.records]
        networks = ["main", "outside"]
        endpoints = ["records"]
        middleware = ["passthru"]
        backends = ["records"]
        [endpoints.records]
        service = "http"
        options.path_prefix = "/records"
        [backends.records]
        service = "http"
        options.base_url = "http://127.0.0.1:{{origin}}/fhir/r4"
        [pipelines.orders]
        networks = ["main"]
        endpoints = ["orders"]
        middleware = ["passthru"]
        backends = ["orders", "archive"]
        [[pipelines.orders.routes]]
        backend = "archive"
        path = "/archive/{*rest}"
        [endpoints.orders]
        service = "http"
        options.path_prefix = "/orders"
        [backends.orders]
        service = "http"
        targets = ["first", "second"]
        max_retries = 0
        [targets.first]
        url = "http://127.0.0.1:{{FreePort.Take()}}/a-rather-long-path/that-has-to-be-cut"
        [targets.second]
        url = "http://127.0.0.1:{{FreePort.Take()}}"
        [backends.archive]
        service = "echo"
        [pipelines.wards]
        networks = ["main"]
        path = "/wards"
        middleware = ["staff"]
        backend_ref = "archive"
        [middleware.staff]
        type = "api_key"
        options.api_key = "only-for-this-test-0123456789"
        [pipelines.studies]
        description = "Studies of the CT"
        networks = ["main"]
        path = "/studies"
        backend_ref = "pacs"
        [backends.pacs]
        service = "dicom_scu"
        target_ref = "archive_ct"
        options.aet = "ARCHIVE"
        options.health_check.interval_secs = 1
        [targets.archive_ct.connection]
        host = "127.0.0.1"
        port = {{FreePort.Take()}}
        protocol = "dicom"
        """;
}
