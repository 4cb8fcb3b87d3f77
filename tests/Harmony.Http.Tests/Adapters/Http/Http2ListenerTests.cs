using System.Net;
using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

public class Http2ListenerTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nX-A: 1\r\nConnection: close\r\nKeep-Alive: x\r\nContent-Length: 2\r\n\r\nok";

    [Theory]
    [InlineData("2.0")]
    [InlineData("1.1")]
    public async Task TlsListener_NegotiatesEitherVersion(string version)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Tls = true }.StartAsync();
        using var client = TestClient.Of(Version.Parse(version), gateway.Url);
        using var answer = await client.GetAsync("/a?b");
        Assert.Equal(Version.Parse(version), answer.Version);
        Assert.Equal("ok", await answer.Content.ReadAsStringAsync());
        Assert.Equal(["https"], RawAnswer.FieldsOf(origin.Heads.Single(), "x-forwarded-proto"));
        Assert.StartsWith("GET /a?b HTTP/1.1\r\n", origin.Heads.Single());
    }

    [Fact]
    public async Task H2cListener_ServesHttp2WithoutTls()
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            var head = await connection.ReadHeadAsync();
            var body = await connection.ReadBodyAsync(head!);
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\nX-A: 1\r\nConnection: close\r\nKeep-Alive: x\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        });
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true" }.StartAsync();
        using var client = TestClient.Http2(gateway.Url);
        using var answer = await client.PostAsync("/", new StringContent("body"));
        Assert.Equal(HttpVersion.Version20, answer.Version);
        Assert.Equal("body", await answer.Content.ReadAsStringAsync());
        Assert.Equal(["1"], answer.Headers.GetValues("x-a"));
        Assert.False(answer.Headers.Contains("keep-alive"));
        var head = origin.Heads.Single();
        Assert.DoesNotContain("\r\n:", head, StringComparison.Ordinal); // no pseudo-header
        Assert.Equal(["4"], RawAnswer.FieldsOf(head, "content-length"));
        Assert.Equal([$"127.0.0.1:{gateway.Address.Port}"], RawAnswer.FieldsOf(head, "x-forwarded-host"));
    }

    [Fact]
    public async Task Head_OverHttp2_KeepsTheLength()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n");
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true" }.StartAsync();
        using var client = TestClient.Http2(gateway.Url);
        using var answer = await client.SendAsync(TestClient.Http2Request(HttpMethod.Head, "/"));
        Assert.Equal(1234, answer.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Requests_InParallel_ShareOneConnection()
    {
        var arrived = new CountdownEvent(10);
        var all = Guard.NewSignal();
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            if (arrived.Signal()) all.SetResult();
            await all.Task; // nobody is answered before all have come
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true" }.StartAsync();
        using var client = TestClient.Http2(gateway.Url);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.GetAsync("/"))).Guarded();
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }
}
