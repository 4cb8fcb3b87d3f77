using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Gateway.Tests.Management;

/// <summary>
/// A PACS dies at 03:00, with no traffic: command line, page and one line of the log name it, with since and reason; it comes back: one line.
/// </summary>
public sealed class PacsDiesAtNightTests
{
    [Fact]
    [Trait("Category", "Slow")]
    public async Task EveryPlaceNamesIt_AndOneLineEach()
    {
        using var folder = new TestFolder();
        var log = folder.PathOf("harmony.log");
        var pacs = FakePacs.Start();
        var port = pacs.Port;
        await using var gateway = await ManagedGateway.StartAsync(_ => { }, more: $"""
            [logging]
            log_to_file = true
            log_file_path = "{log}"
            [pipelines.find]
            networks = ["main"]
            path = "/find"
            backend_ref = "pacs"
            [backends.pacs]
            service = "dicom_scu"
            options.host = "127.0.0.1"
            options.port = {port}
            options.aet = "{pacs.Settings.AeTitle}"
            [backends.pacs.options.health_check]
            interval_secs = 1
            """);
        await UntilAsync(gateway, "up");
        Assert.Equal(0, (await StatusAsync(gateway)).ExitCode);

        // Between two checks: one that is under way would see its association end, and the line would say so instead of that nobody listens.
        var asked = pacs.Accepted;
        await Guard.UntilAsync(() => pacs.Accepted > asked && pacs.Open.Now == 0);
        await pacs.DisposeAsync();
        await UntilAsync(gateway, "down");
        var status = await StatusAsync(gateway);
        Assert.Equal(1, status.ExitCode);
        Assert.Matches("target 'pacs' of backend 'pacs' is down since 20.*Z: .*refused", status.Output);
        var page = await gateway.Anybody.GetStringAsync("/");
        Assert.Matches("Target &#39;pacs&#39; of backend &#39;pacs&#39; is down since 20.*Z: .*refused", page);
        Assert.Matches(@"target 'pacs' of backend 'pacs' .*since 20.*refused", Assert.Single(await LinesAsync(log, "[2105]", "[2101]", "[2102]")));

        pacs = FakePacs.Start(new FakePacsSettings { Port = port, AeTitle = pacs.Settings.AeTitle });
        await using var back = pacs;
        await UntilAsync(gateway, "up");
        Assert.Equal(0, (await StatusAsync(gateway)).ExitCode);
        Assert.Single(await LinesAsync(log, "[2103]"));
        Assert.Single(await LinesAsync(log, "[2105]", "[2101]", "[2102]"));
    }

    private static Task<CommandLine> StatusAsync(ManagedGateway gateway) => CommandLine.RunAsync(gateway.Gateway.Folder, "status", "-c", "FOLDER/config.toml");

    private static async Task UntilAsync(ManagedGateway gateway, string state)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        string? seen;
        while ((seen = $"{(await gateway.GetAsync("targets")).Answer["targets"]!.AsArray().Single(t => $"{t!["backend"]}" == "pacs")!["state"]}") != state)
        {
            await look.WaitForNextTickAsync(Guard.Token);
        }
    }

    private static async Task<List<string>> LinesAsync(string log, params string[] events)
    {
        // Lines are written by a thread of their own.
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var lines = (await File.ReadAllLinesAsync(log)).Where(l => events.Any(e => l.Contains(e, StringComparison.Ordinal))).ToList();
            if (lines.Count > 0) return lines;
            await look.WaitForNextTickAsync(Guard.Token);
        }
    }
}
