using System.Net;
using Harmony.Core.Modules;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Targets;

public sealed class TargetPoolTests
{
    [Fact]
    public async Task Reload_SameTarget_KeepsItsConnection_OtherSettings_DoNot()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.StartAsync(Config(origin, "timeout_secs = 20"));
        using var client = TestClient.Http1(gateway.Url);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
        await gateway.SettledAsync(); // the origin's connection is free when the request has ended
        await gateway.ReloadAsync(Config(origin, "timeout_secs = 21\npath_prefix = '/x'"));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
        Assert.Equal(1, origin.Connections);
        await gateway.ReloadAsync(Config(origin, "connect_timeout_secs = 3"));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
        Assert.Equal(2, origin.Connections);
    }

    [Fact]
    public async Task Reload_SameChecks_KeepsWhatIsKnownOfHealth_OtherChecks_DoNot()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var watched = new WatchedBackends();
        string Watched(string options)
            => Config(origin, options).Replace("[backends.origin]\nservice = \"http\"", "[backends.origin]\nservice = \"watched\"", StringComparison.Ordinal);
        await using var gateway = await TestGateway.StartAsync(Watched("passive_health.max_failures = 1"), extra: watched);
        watched.Targets.Last().Health.Failed("refused");
        await gateway.ReloadAsync(Watched("passive_health.max_failures = 1\npath_prefix = '/x'"));
        Assert.False(watched.Targets.Last().Health.IsWell);
        await gateway.ReloadAsync(Watched("passive_health.max_failures = 2"));
        Assert.Equal((3, true), (watched.Targets.Count, watched.Targets.Last().Health.IsWell));
    }

    /// <summary>An operator's word holds until the operator takes it back, whatever else a reload changes about the backend.</summary>
    [Theory]
    [InlineData("targets = ['a', 'b']\noptions.passive_health.max_failures = 7")]
    [InlineData("targets = ['a', 'b', 'c']")]
    [InlineData("targets = ['a']")]
    public async Task Reload_TargetTakenOut_StaysOut(string changed)
    {
        await using var gateway = await TestGateway.StartAsync(Several("targets = ['a', 'b']"));
        Find(gateway, "a").Drain();
        await gateway.ReloadAsync(Several(changed));
        Assert.False(Find(gateway, "a").IsEnabled);
        await gateway.ReloadAsync(Several(changed).Replace("port = 1,", "port = 4,", StringComparison.Ordinal));
        Assert.True(Find(gateway, "a").IsEnabled); // another system
    }

    private static ITarget Find(TestGateway gateway, string target)
        => gateway.Snapshot.Pipelines.SelectMany(p => p.Backends).SelectMany(b => b.LiveTargets).First(t => t.Name == target);

    private static string Several(string backend) => $$"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [pipelines.forward]
        networks = ["main"]
        endpoints = ["all"]
        backends = ["origin"]
        [endpoints.all]
        service = "http"
        options.path_prefix = "/"
        [backends.origin]
        service = "http"
        {{backend}}
        [targets.a]
        connection = { host = "127.0.0.1", port = 1, protocol = "http" }
        [targets.b]
        connection = { host = "127.0.0.1", port = 2, protocol = "http" }
        [targets.c]
        connection = { host = "127.0.0.1", port = 3, protocol = "http" }
        """;

    private static string Config(RawOrigin origin, string options) => new ForwardingConfig(origin.Url) { Backend = options }.ToToml();
}
