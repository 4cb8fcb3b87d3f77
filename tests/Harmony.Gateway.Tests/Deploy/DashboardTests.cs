using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Harmony.Gateway.Tests.Management;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Gateway.Tests.Deploy;

/// <summary>The dashboard for Grafana and the alerts for Prometheus ask for metrics that there are, in queries that Prometheus takes.</summary>
public sealed partial class DashboardTests
{
    private static string Dashboard => File.ReadAllText(RepositoryFolder.PathOf("deploy", "grafana", "harmony.json"));

    [Fact]
    public void Dashboard_HasPanelsThatDoNotOverlap_AndOneDataSource()
    {
        var panels = JsonNode.Parse(Dashboard)!["panels"]!.AsArray();
        var cells = new HashSet<(int, int)>();
        foreach (var place in panels.Select(p => p!["gridPos"]!))
        {
            for (var x = (int)place["x"]!; x < (int)place["x"]! + (int)place["w"]!; x++)
            {
                for (var y = (int)place["y"]!; y < (int)place["y"]! + (int)place["h"]!; y++) Assert.True(x < 24 && cells.Add((x, y)),
                    $"two panels at {x}, {y}");
            }
        }

        Assert.Equal(panels.Count, panels.Select(p => (int)p!["id"]!).Distinct().Count());
        Assert.All(panels.Where(p => $"{p!["type"]}" != "row"), p => Assert.Equal("${datasource}", $"{p!["datasource"]!["uid"]}"));
    }

    [Fact]
    public void Dashboard_AsksForMetricsThatAreDocumented()
    {
        var documented = DocumentedMetric().Matches(File.ReadAllText(RepositoryFolder.PathOf("docs", "observability.md")))
            .Select(m => m.Value.Replace('.', '_')).ToList();
        var names = MetricName().Matches(Dashboard).Select(m => m.Value).Distinct().ToList();
        Assert.True(names.Count >= 20, string.Join(' ', names));
        Assert.All(names, name => Assert.Contains(documented, d => Regex.IsMatch(name, $"^{d}(_bytes|_seconds)?(_total|_bucket|_count)?$")));
    }

    /// <summary>The file of rules as it is shipped, and every query of the dashboard as if it were one.</summary>
    [PeerFact("promtool")]
    public async Task Queries_AreOnesOfPrometheus()
    {
        await AssertFineAsync("", "check", "rules", RepositoryFolder.PathOf("deploy", "prometheus", "harmony.rules.yml"));

        using var folder = new TestFolder();
        var rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        var queries = JsonNode.Parse(Dashboard)!["panels"]!.AsArray().SelectMany(p => p!["targets"]?.AsArray() ?? []).Select(t => $"{t!["expr"]}").ToList();
        Assert.True(queries.Count >= 20);
        foreach (var (query, i) in queries.Select((q, i) => (q.Replace("$__rate_interval", "5m", StringComparison.Ordinal), i)))
        {
            rules.Append($"      - record: panel:{i}\n        expr: >-\n          {query}\n");
        }

        await AssertFineAsync("", "check", "rules", folder.Write("dashboard.yml", rules.ToString()));
    }

    [PeerFact("promtool")]
    public async Task Metrics_OfAGatewayThatServed_AreAsPrometheusWantsThem()
    {
        await using var gateway = await ManagedGateway.StartAsync();
        for (var i = 0; i < 3; i++) await gateway.Gateway.GetAsync("/one");
        await gateway.Gateway.GetAsync("/nothing");
        var text = await gateway.Anybody.GetStringAsync("/metrics");
        Assert.Contains("\nharmony_disk_free_bytes{used_by=\"storage\"} ", text, StringComparison.Ordinal);
        // Other tests of this process have meters of their own.
        var own = text.Split('\n').Where(l => l.Contains("harmony_", StringComparison.Ordinal) || l.Length == 0);
        await AssertFineAsync(string.Join('\n', own), "check", "metrics");
    }

    private static async Task AssertFineAsync(string input, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(Peers.PathOf("promtool"), words)
        {
            UseShellExecute = false, RedirectStandardInput = true,
            RedirectStandardOutput = true, RedirectStandardError = true
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(Guard.Token);
        Assert.True(process.ExitCode == 0, await output.Guarded() + await errors.Guarded());
    }

    [GeneratedRegex("harmony_[a-z_]+")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"(?<=^\| `)harmony\.[a-z_.]+(?=`)", RegexOptions.Multiline)]
    private static partial Regex DocumentedMetric();
}
