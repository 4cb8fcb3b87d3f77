using System.Diagnostics;
using System.Text.Json.Nodes;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Gateway.Tests.Management;

/// <summary>
/// The status page, the page of the API and the welcome page in a browser: light and dark, wide and 360 px, with and without script. Nothing is fetched from
/// elsewhere, nothing is wider than the screen, and axe finds nothing serious. Pictures of them are in <c>artifacts/pages</c>.
/// </summary>
public sealed class BrowserTests
{
    [PeerFact("node", "chromium", "npm:playwright-core", "npm:axe-core")]
    [Trait("Category", "Slow")]
    public async Task Pages_ShowWellForEverybody()
    {
        await using var gateway = await ManagedGateway.StartAsync(more: $$"""
            [pipelines.welcome]
            networks = ["main"]
            path = "/"
            backend_ref = "page"
            [backends.page]
            service = "page"
            [pipelines.orders]
            networks = ["main"]
            endpoints = ["orders"]
            middleware = ["passthru"]
            backends = ["orders", "archive"]
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
            """);
        for (var i = 0; i < 6; i++) await gateway.Gateway.GetAsync("/orders/7");
        await gateway.Gateway.GetAsync("/one");
        gateway.Gateway.Folder.Write("config.toml", gateway.Gateway.Managed("one", more: "[pipelines.broken]\nnetworks = [\"mian\"]\n"));
        await gateway.PostAsync("reload");

        var folder = Directory.CreateDirectory(RepositoryFolder.PathOf("artifacts", "pages")).FullName;
        var run = await Programs.RunAsync(
            new ProcessStartInfo(
                Peers.PathOf("node"),
                [
                    Path.Combine(AppContext.BaseDirectory, "Management", "pages.mjs"), Path.Combine(Peers.PathOf("npm:playwright-core"), "index.js"),
                    Path.Combine(Peers.PathOf("npm:axe-core"), "axe.min.js"), Peers.PathOf("chromium"), folder,
                    $"status={gateway.Anybody.BaseAddress}", $"api={gateway.Anybody.BaseAddress}admin/api", $"welcome=http://127.0.0.1:{gateway.Gateway.Port}/",
                ]),
            TimeSpan.FromMinutes(3));
        Assert.True(run.ExitCode == 0, run.Printed);
        Assert.True(JsonNode.Parse(run.Output)!.AsArray().Count == 0, run.Output);
        Assert.Equal(24, Directory.GetFiles(folder, "*.png").Length);
    }
}
