using System.Net;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;

namespace Harmony.Gateway.Tests;

/// <summary>
/// Whatever <c>harmony check</c> calls "not yet available" is closed: its requests get 503, and go nowhere else, not even to a pipeline
/// that claims all other paths. The names come from the list of what is planned, so the tests follow it.
/// </summary>
public sealed class NotYetAvailableTests
{
    private const string Root = """

        [pipelines.root]
        networks = ["main"]
        endpoints = ["root"]
        backends = ["echo"]
        [endpoints.root]
        service = "http"
        options.path_prefix = "/"
        """;

    public static TheoryData<string, bool> Closed
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (var name in Parts.Keys)
            {
                cases.Add(name, false);
                cases.Add(name, true);
            }

            return cases;
        }
    }

    /// <summary>By what is not there: tables that make the pipeline <c>closed</c> need it.</summary>
    private static IReadOnlyDictionary<string, string> Parts { get; } = FindParts();

    [Theory]
    [MemberData(nameof(Closed))]
    public async Task Request_ForWhatIsNotBuilt_IsAnswered503(string part, bool besideRoot)
    {
        var config = Parts[part] + (besideRoot ? Root : "");
        using (var folder = new ConfigFolder(config))
        {
            var check = await CommandLine.RunAsync(folder, "check", "-c", "FOLDER/config.toml");
            Assert.Contains(check.Lines, l => l.Contains("not yet available", StringComparison.Ordinal));
            Assert.True(check.ExitCode == 0, check.Output);
        }

        await using var gateway = await TestGateway.StartAsync(config);
        using var client = TestClient.Http1(gateway.UrlOf("main"));
        foreach (var path in new[] { "/closed", "/closed/Patient/1", "/closed/studies?limit=1" })
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Guard.Token);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }

        if (!besideRoot || part == "WireGuard") return;
        using var open = await client.GetAsync(new Uri("/open", UriKind.Relative), Guard.Token);
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
    }

    [Fact]
    public async Task Connect_DoesNothing()
    {
        await using var gateway = await TestGateway.StartAsync(Config(middleware: "\"connect\", \"connection\", \"middleware.passthru\", \"middleware.pass\"")
            + "\n[middleware.pass]\ntype = \"middleware_types.passthru\"\n");
        using var client = TestClient.Http1(gateway.UrlOf("main"));
        using var answer = await client.GetAsync(new Uri(gateway.UrlOf("main"), "/closed"), Guard.Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static SortedDictionary<string, string> FindParts()
    {
        var parts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var planned in GatewayModules.CreateRegistry(TimeProvider.System).Planned)
        {
            foreach (var name in planned.Aliases.Append(planned.Name))
            {
                if (planned.Kind == "middleware")
                {
                    parts[$"middleware {name}"] = Config(middleware: $"\"{name}\"");
                    parts[$"middleware {name} by table"] = Config(middleware: "\"m\"") + $"\n[middleware.m]\ntype = \"{name}\"\n";
                }
                else
                {
                    if (!planned.HasOwnListener) parts[$"endpoint {name}"] = Config(endpoint: name);
                    parts[$"backend {name}"] = Config(backend: name);
                }
            }
        }

        // No module, and so not in the list: it leaves this test with the message.
        parts["WireGuard"] = Config()
            .Replace("[network.main.tcp_config]", "[network.main]\nenable_wireguard = true\n[network.main.tcp_config]", StringComparison.Ordinal);
        return parts;
    }

    private static string Config(string endpoint = "http", string backend = "echo", string middleware = "") => $"""
        [proxy]
        name = "t"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = 8080
        [pipelines.closed]
        networks = ["main"]
        endpoints = ["closed"]
        backends = ["back"]
        middleware = [{middleware}]
        [endpoints.closed]
        service = "{endpoint}"
        options.path_prefix = "/closed"
        [backends.back]
        service = "{backend}"
        [backends.echo]
        service = "echo"
        """;
}
