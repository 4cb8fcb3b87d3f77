using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Http.Adapters.Http;
using Harmony.Http.Quic;
using Harmony.Packs;
using Harmony.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Http.Tests.Services.Http3;

/// <summary>HTTP/3 in a configuration, on a machine with QUIC and on one without.</summary>
public sealed class Http3BackendTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("service = \"http3\"\noptions = { host = \"h.example\", base_path = \"/v1\" }", "https://h.example/v1")]
    [InlineData("service = \"h3\"\noptions = { host = \"::1\", port = 8443 }", "https://[::1]:8443/")]
    [InlineData("service = \"http3\"\ntarget_ref = \"far\"", "https://far.example/api")]
    [InlineData("service = \"http\"\ntarget_ref = \"far\"", "https://far.example/api")]
    [InlineData("service = \"http\"\noptions = { base_url = \"https://h.example\", http_version = \"3\" }", "https://h.example/")]
    public async Task Backend_WithoutTheLibrary_CanBeCheckedButNotRun(string backend, string url)
    {
        var (with, target) = await BuildAsync(Backend(backend), hasQuic: true);
        Assert.Empty(with);
        Assert.EndsWith(url, target, StringComparison.Ordinal);

        var (without, _) = await BuildAsync(Backend(backend), hasQuic: false);
        var problem = Assert.Single(without);
        Assert.StartsWith("config.toml(13,1): warning: backend 'b' cannot send: HTTP/3 needs the library libmsquic", Text(problem), StringComparison.Ordinal);
        Assert.True(without.RaiseObstacles());
        Assert.StartsWith("config.toml(13,1): error: backend 'b'", Text(without.Single()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("service = \"http3\"\noptions.host = \"h:443\"",
        "config.toml(15,16): error: 'host' is not a host name or an IP address; the port goes into 'port', a path into 'base_path'")]
    [InlineData("service = \"http3\"", "config.toml(13,1): error: backend 'b' does not say where to send")]
    [InlineData("service = \"http\"\noptions = { base_url = \"http://h\", http_version = \"3\" }",
        "config.toml(15,24): error: 'http://h' is an address of http, and HTTP/3 is spoken over TLS only; write https")]
    [InlineData("service = \"http3\"\ntarget_ref = \"far\"\noptions.port = 1", "config.toml(16,16): warning: 'port' has no effect without 'host'")]
    public async Task Backend_Mistaken_SaysWhereAndWhy(string backend, string expected)
    {
        var (problems, _) = await BuildAsync(Backend(backend), hasQuic: true);
        Assert.StartsWith(expected, Text(Assert.Single(problems)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listener_WithoutTheLibrary_CanBeCheckedButNotRun()
    {
        TestCertificate.Write(_folder.PathOf("server.pem"), _folder.PathOf("server.key"));
        var config = Backend("service = \"echo\"") + "[network.main.http3]\nbind_address = \"127.0.0.1\"\nbind_port = 8443\n" + TestCertificate.Toml;
        Assert.Empty((await BuildAsync(config, hasQuic: true)).Problems);
        var (problems, _) = await BuildAsync(config, hasQuic: false);
        Assert.Equal(
            "config.toml(17,1): warning: network 'main' cannot listen on UDP port 8443: HTTP/3 needs the library libmsquic, which this machine does not have; "
            + "install the package 'libmsquic', or take [network.main.http3] out",
            Text(Assert.Single(problems)));
    }

    [Fact]
    public async Task Listener_WithoutItsFiles_IsAnObstacleNotAMistake()
    {
        var (problems, _) = await BuildAsync(Backend("service = \"echo\"") + "[network.main.http3]\nbind_address = \"127.0.0.1\"\n"
            + TestCertificate.Toml, hasQuic: true);
        Assert.Equal(["server.pem", "server.key"], problems.Select(p => p.Message.Split('\'')[1]));
        Assert.All(problems, p => Assert.Equal(ConfigSeverity.Obstacle, p.Severity));
    }

    [Fact]
    public async Task Listener_IsABindingOfItsOwn()
    {
        TestCertificate.Write(_folder.PathOf("server.pem"), _folder.PathOf("server.key"));
        var registry = Registry(hasQuic: true);
        var problems = new ConfigProblems();
        await using var snapshot = await BuildSnapshotAsync(Backend("service = \"echo\"") + "[network.main.http3]\n"
            + TestCertificate.Toml, registry, problems);
        var bindings = registry.Adapters.Single(a => a.Protocol == "http").BindingsOf(snapshot!).Cast<HttpBinding>().ToList();
        Assert.Equal([(8080, false, false), (443, true, true)], bindings.Select(b => (b.Port, b.IsHttp3, b.Tls is { OnlyTls13: true })));
        Assert.Equal(bindings, registry.Adapters.Single(a => a.Protocol == "http").BindingsOf(snapshot!));
    }

    private string Text(ConfigProblem problem) => problem.ToString().Replace(_folder.Path + "/", "", StringComparison.Ordinal);

    private static string Backend(string keys) => $$"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [pipelines.p]
        networks = ["main"]
        endpoints = ["e"]
        backends = ["b"]
        [endpoints.e]
        service = "http3"
        options.path_prefix = "/"
        [backends.b]
        {{keys}}
        [targets.far]
        connection = { host = "far.example", protocol = "h3", base_path = "/api" }

        """;

    private static ModuleRegistry Registry(bool hasQuic)
    {
        var modules = new ModuleRegistryBuilder();
        new StandardPacks(TimeProvider.System, new QuicSupport(hasQuic)).AddTo(modules);
        return modules.Build();
    }

    private async Task<(ConfigProblems Problems, string Target)> BuildAsync(string config, bool hasQuic)
    {
        var problems = new ConfigProblems();
        await using var snapshot = await BuildSnapshotAsync(config, Registry(hasQuic), problems);
        return (problems, snapshot?.Pipelines.Single().Backends.Single().Targets is [var first, ..] ? first : "");
    }

    private async Task<Core.Runtime.GatewaySnapshot?> BuildSnapshotAsync(string config, ModuleRegistry registry, ConfigProblems problems)
    {
        var file = _folder.PathOf("config.toml");
        await File.WriteAllTextAsync(file, config);
        var set = new ConfigLoader(problems, _ => null).Load(file);
        return await new SnapshotBuilder(registry, NullLoggerFactory.Instance, TimeProvider.System).BuildAsync(set, problems);
    }
}
