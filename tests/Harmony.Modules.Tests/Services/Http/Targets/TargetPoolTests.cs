using System.Net;
using Harmony.Testing;

namespace Harmony.Modules.Tests.Services.Http.Targets;

public sealed class TargetPoolTests
{
    [Fact]
    public async Task Reload_SameTarget_KeepsItsConnection_OtherSettings_DoNot()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.StartAsync(Config(origin, "timeout_secs = 20"));
        using var client = TestClient.Http1(gateway.Url);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
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
        string Watched(string options) => Config(origin, options).Replace("[backends.origin]\nservice = \"http\"", "[backends.origin]\nservice = \"watched\"", StringComparison.Ordinal);
        await using var gateway = await TestGateway.StartAsync(Watched("passive_health.max_failures = 1"), extra: watched);
        watched.Targets.Last().Health.Failed();
        await gateway.ReloadAsync(Watched("passive_health.max_failures = 1\npath_prefix = '/x'"));
        Assert.False(watched.Targets.Last().Health.IsWell);
        await gateway.ReloadAsync(Watched("passive_health.max_failures = 2"));
        Assert.Equal((3, true), (watched.Targets.Count, watched.Targets.Last().Health.IsWell));
    }

    private static string Config(RawOrigin origin, string options) => new ForwardingConfig(origin.Url) { Backend = options }.ToToml();
}
