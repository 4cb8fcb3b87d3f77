using Harmony.Http.Adapters.Http;
using Harmony.Http.Tests.Tls;
using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

/// <summary>What TLS listeners say of HTTP/3 (RFC 9114 §3.1).</summary>
public class AlternativeServicesTests
{
    [Fact]
    public async Task Http3Listener_OpensAndCloses_IsAnnouncedMeanwhile()
    {
        await using var gateway = await TlsGateway.StartAsync(TestCertificate.Toml, TestCertificate.Files);
        var alternatives = gateway.Snapshot.Modules.Adapters.OfType<HttpAdapter>().Single().Alternatives;
        Assert.Empty(await AnnouncedAsync(gateway));
        alternatives.Opened("main", 8443);
        Assert.Equal(["h3=\":8443\""], await AnnouncedAsync(gateway));
        alternatives.Opened("other", 9443);
        Assert.Equal(["h3=\":8443\""], await AnnouncedAsync(gateway));

        // A reload moves it: the new one opens before the old one closes.
        alternatives.Opened("main", 8444);
        alternatives.Closing("main", 8443);
        Assert.Equal(["h3=\":8444\""], await AnnouncedAsync(gateway));
        alternatives.Closing("main", 8444);
        Assert.Empty(await AnnouncedAsync(gateway));
    }

    /// <summary>An alternative is one for the same origin, and that of http is another than that of https.</summary>
    [Fact]
    public async Task ListenerWithoutTls_AnnouncesNothing()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nAlt-Svc: h3=\":1\"\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        gateway.Snapshot.Modules.Adapters.OfType<HttpAdapter>().Single().Alternatives.Opened("main", 8443);
        Assert.Empty((await gateway.SendRawAsync("GET", "/"))["alt-svc"]);
    }

    private static async Task<IReadOnlyList<string>> AnnouncedAsync(TestGateway gateway)
    {
        using var client = await TlsPeer.ConnectAsync(gateway.Address, "localhost");
        return [.. RawAnswer.FieldsOf(await client.GetAsync(), "alt-svc")];
    }
}
