using System.Text.RegularExpressions;
using Harmony.Core.Configuration;
using Harmony.Gateway.Cli;
using Harmony.Gateway.Management;
using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Deploy;

/// <summary>The files for systemd, containers and Kubernetes agree with the program: its commands, ports, paths, times and metrics.</summary>
public sealed partial class DeployFilesTests
{
    private static string Read(params string[] path) => File.ReadAllText(RepositoryFolder.PathOf(path));

    [Theory]
    [InlineData("deploy/container/config.toml")]
    [InlineData("deploy/kubernetes/config.toml")]
    public async Task Configuration_IsOneThatRuns(string file)
    {
        using var folder = new ConfigFolder(Read(file.Split('/')).Replace("${HARMONY_ADMIN_TOKEN}", "0123456789abcdef", StringComparison.Ordinal)
            .Replace("required_env_vars", "# required_env_vars", StringComparison.Ordinal));
        var run = await CommandLine.RunAsync(folder, "check", "-c", "FOLDER/config.toml");
        Assert.Equal(0, run.ExitCode);
        // Said on purpose: inside a cluster the token goes without TLS.
        Assert.All(run.Lines.SkipLast(1), l => Assert.Contains("has no TLS", l, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Dockerfile", """\[("harmony", )?(?<words>"(?:run|health)"[^\]]*)\]""", 2)]
    [InlineData("deploy/kubernetes/deployment.yaml", """args: \[(?<words>[^\]]*)\]""", 1)]
    [InlineData("deploy/systemd/harmony.service", "^ExecStart=/opt/harmony/harmony (?<words>.*)$", 1)]
    public void Commands_AreOnesOfTheProgram(string file, string pattern, int count)
    {
        var found = Regex.Matches(Read(file.Split('/')), pattern, RegexOptions.Multiline | RegexOptions.ExplicitCapture);
        Assert.Equal(count, found.Count);
        foreach (Match match in found)
        {
            var words = Words().Matches(match.Groups["words"].Value).Select(w => w.Value).ToArray();
            Assert.Empty(HarmonyCommand.Create().Parse(words).Errors);
            Assert.Contains("/etc/harmony/config.toml", words);
        }
    }

    [Fact]
    public void PortsAndPaths_AreThoseOfTheConfigurations()
    {
        var (image, cluster) = (Load("container"), Load("kubernetes"));
        Assert.Contains($"EXPOSE {PortOf(image, "default")}", Read("Dockerfile"), StringComparison.Ordinal);
        Assert.Contains($":{PortOf(image, "default")}:{PortOf(image, "default")}\"", Read("docker-compose.yml"), StringComparison.Ordinal);
        var deployment = Read("deploy", "kubernetes", "deployment.yaml");
        Assert.Equal([PortOf(cluster, "default"), PortOf(cluster, "management")], Numbers(deployment, "containerPort"));
        Assert.Equal([PortOf(cluster, "default"), PortOf(cluster, "management")], Numbers(Read("deploy", "kubernetes", "network-policy.yaml"), "- port"));
        Assert.Contains($"127.0.0.1:{PortOf(Load("container"), "management")}", Read("deploy", "prometheus", "scrape.yml"), StringComparison.Ordinal);
        foreach (var config in new[] { image, cluster }) Assert.Equal("/var/lib/harmony", config.Storage.Options.Path);
        Assert.Contains("mountPath: /var/lib/harmony", deployment, StringComparison.Ordinal);

        var known = new ManagementApi(cluster.Management).Operations.Where(o => o.WhileStarting is not null).Select(o => $"/admin/{o.Path}").ToList();
        var probes = ProbePath().Matches(deployment).Select(m => m.Value).ToList();
        Assert.Equal(3, probes.Count);
        Assert.Subset(known.ToHashSet(StringComparer.Ordinal), probes.ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Whoever ends the gateway waits longer than it takes to end.</summary>
    [Theory]
    [InlineData("docker-compose.yml", "stop_grace_period", "container")]
    [InlineData("deploy/systemd/harmony.service", "TimeoutStopSec", "container")]
    [InlineData("deploy/kubernetes/deployment.yaml", "terminationGracePeriodSeconds", "kubernetes")]
    public void Patience_IsLongEnough(string file, string key, string config)
    {
        var proxy = Load(config).Proxy;
        Assert.InRange(Assert.Single(Numbers(Read(file.Split('/')), key)), proxy.DrainDelaySecs + proxy.ShutdownTimeoutSecs + 5, 300);
    }

    [Fact]
    public void Unit_WaitsForReadinessAndSignsOfLife()
    {
        var unit = Read("deploy", "systemd", "harmony.service").Split('\n').Where(l => l.Length > 0 && l[0] != '#').ToList();
        Assert.All(unit, line => Assert.Matches(@"^(\[(Unit|Service|Install)\]|[A-Z][A-Za-z]+=.*)$", line));
        Assert.Contains("Type=notify", unit);
        Assert.Contains("WatchdogSec=30", unit);
        Assert.Contains("ExecReload=/opt/harmony/harmony reload --config /etc/harmony/config.toml", unit);
        Assert.Contains("StartLimitIntervalSec=0", unit);
        Assert.Contains("UMask=0027", unit);
    }

    [Fact]
    public void Alerts_AskForMetricsThatThereAre()
    {
        var page = Read("docs", "observability.md");
        var names = MetricName().Matches(Read("deploy", "prometheus", "harmony.rules.yml")).Select(m => m.Value).Distinct().ToList();
        Assert.True(names.Count >= 6, string.Join(' ', names));
        var documented = DocumentedMetric().Matches(page).Select(m => m.Value.Replace('.', '_')).ToList();
        Assert.All(names, name => Assert.Contains(documented, d => Regex.IsMatch(name, $"^{d}(_bytes|_seconds)?(_total|_bucket)?$")));
    }

    private static ConfigSet Load(string folder)
        => new ConfigLoader([], _ => "0123456789abcdef").Load(RepositoryFolder.PathOf("deploy", folder, "config.toml"));

    private static int PortOf(ConfigSet config, string network) => config.Networks.Find(network, config.MainFile)!.Section.TcpConfig!.BindPort;

    private static int[] Numbers(string text, string key)
        => [.. Regex.Matches(text, $"{Regex.Escape(key)}[:=] ?([0-9]+)").Select(m => int.Parse(m.Groups[1].Value))];

    [GeneratedRegex("""[^\s",]+""")]
    private static partial Regex Words();

    [GeneratedRegex("(?<=^ +path: )/.*$", RegexOptions.Multiline)]
    private static partial Regex ProbePath();

    [GeneratedRegex("harmony_[a-z_]+")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"(?<=^\| `)harmony\.[a-z_.]+(?=`)", RegexOptions.Multiline)]
    private static partial Regex DocumentedMetric();
}
