using System.Text.Json.Nodes;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Cli;

/// <summary>What <c>harmony explain</c> prints.</summary>
public sealed class ExplainCommandTests
{
    private const string Rich = """
        [proxy]
        name = "rich"
        primary_provider = "local"

        [network.front]
        trusted_proxies = ["10.0.0.0/8"]
        [network.front.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = 8443
        cert_path = "tls/server.pem"
        key_path = "tls/server.key"

        [network.plain.tcp_config]
        bind_address = "0.0.0.0"
        bind_port = 8080
        force_https = true

        [network.silent]

        [pipelines.api]
        description = "The [bold] one"
        networks = ["front", "plain"]
        endpoints = ["api"]
        middleware = { left = ["first", "noop"], right = ["first"] }
        backends = ["main", "other", "idle"]
        [[pipelines.api.routes]]
        backend = "other"
        headers = { "X-Api-Key" = "hunter2", "X-Site" = "north" }
        [[pipelines.api.routes]]
        backend = "other"
        methods = ["PUT", "POST"]

        [pipelines.images]
        networks = ["front"]
        endpoints = ["packages"]
        backends = ["main"]

        [endpoints.api]
        service = "http"
        options = { path = "/api/{*rest}", methods = ["get", "put"] }
        [endpoints.packages]
        service = "http"
        peer_ref = "away"
        options.path_prefix = "/packages"
        [peers.away]
        enabled = false

        [middleware.first]
        type = "passthru"

        [backends.main]
        service = "http"
        targets = ["a", "b"]
        timeout_secs = 7
        max_retries = 0
        [backends.main.options]
        load_balancing = "least_requests"
        headers = { "X-Token" = "hunter2" }
        health_check = { path = "/health" }
        [backends.other]
        service = "http"
        options.base_url = "https://other.example.org/v1"
        [backends.idle]
        service = "echo"

        [targets.a]
        connection = { host = "127.0.0.1", port = 9000, base_path = "/fhir" }
        authentication = "secret"
        [targets.b]
        url = "http://127.0.0.1:9001"
        weight = 3

        [authentications.secret]
        method = "api_key"
        options = { api_key = "hunter2", header_name = "X-Key" }
        """;

    private const string RichTree = """
        config.toml: proxy 'rich'
        ├── network 'front': https://127.0.0.1:8443 (certificate tls/server.pem)
        │   ├── believes X-Forwarded-* of 10.0.0.0/8
        │   ├── pipeline 'api': The [bold] one
        │   │   ├── route GET /api/{*rest} → endpoint 'api' (service http)
        │   │   │   └── path = "/api/{*rest}", methods = ["get","put"]
        │   │   ├── route PUT /api/{*rest} → endpoint 'api' (service http)
        │   │   ├── left 1 'first' (type passthru)
        │   │   ├── left 2 'noop' (type passthru)
        │   │   ├── backend 'main' (service http): when no other rule matches
        │   │   │   ├── target 'a' http://127.0.0.1:9000/fhir, with credentials in X-Key
        │   │   │   ├── target 'b' http://127.0.0.1:9001/, weight 3
        │   │   │   ├── shared by least_requests; fails after 7 s without progress; never retried
        │   │   │   └── load_balancing = "least_requests", headers.X-Token = "***", health_check.path = "/health"
        │   │   ├── backend 'other' (service http): when header X-Api-Key is *** and header X-Site is ***, or when method PUT or POST
        │   │   │   ├── target 'other' https://other.example.org/v1
        │   │   │   ├── fails after 30 s without progress; retried up to 3 times if the request may be repeated
        │   │   │   └── base_url = "https://other.example.org/v1"
        │   │   ├── backend 'idle' (service echo): never, no route names it
        │   │   └── right 1 'first' (type passthru)
        │   └── pipeline 'images'
        │       ├── not active, responds with 503: peer 'away' is not enabled
        │       ├── route any /packages and below → endpoint 'packages' (service http)
        │       │   └── path_prefix = "/packages"
        │       └── backend 'main' (service http)
        """;

    [Fact]
    public async Task Tree_ShowsEverythingInOrder()
    {
        using var folder = RichFolder();
        var run = await CommandLine.RunAsync(folder, "explain", "-c", "FOLDER/config.toml");
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith(RichTree, run.Output, StringComparison.Ordinal);
        Assert.Contains("├── network 'plain': http://0.0.0.0:8080 (every request is redirected to https)", run.Lines);
        Assert.Contains("└── network 'silent': nothing listens", run.Lines);
    }

    [Theory]
    [InlineData("explain")]
    [InlineData("explain", "--json")]
    public async Task Secrets_AreNeverShown(params string[] args)
    {
        using var folder = RichFolder();
        var run = await CommandLine.RunAsync(folder, [.. args, "-c", "FOLDER/config.toml"]);
        Assert.Contains("***", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_IsAsDocumented()
    {
        using var folder = RichFolder();
        var run = await CommandLine.RunAsync(folder, "explain", "--json", "-c", "FOLDER/config.toml");
        var json = JsonNode.Parse(run.Output)!;
        PageMembers.AssertDocumented(json);
        Assert.Equal("https://127.0.0.1:8443", json["networks"]![0]!["listeners"]![0]!["url"]!.GetValue<string>());
        Assert.Equal(["a", "b"], json["pipelines"]![0]!["backends"]![0]!["targets"]!.AsArray().Select(t => t!["name"]!.GetValue<string>()));
        Assert.Equal("***", json["pipelines"]![0]!["backends"]![0]!["options"]!["headers"]!["X-Token"]!.GetValue<string>());
        Assert.False(json["pipelines"]![1]!["active"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Errors_ArePrintedAsCheckDoes()
    {
        using var folder = new ConfigFolder(ConfigFolder.WithUnknownReference);
        var run = await CommandLine.RunAsync(folder, "explain", "--json", "-c", "FOLDER/config.toml");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Equal(["config.toml(20,18): error: authentication 'clinc' is not defined; did you mean 'clinic'?", "config.toml: 1 error"], run.ErrorLines);
    }

    private static ConfigFolder RichFolder()
    {
        var folder = new ConfigFolder(Rich);
        TestCertificate.Write(Path.Combine(folder.Path, "tls/server.pem"), Path.Combine(folder.Path, "tls/server.key"));
        return folder;
    }
}
