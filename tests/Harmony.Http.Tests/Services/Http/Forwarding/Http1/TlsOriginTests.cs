using System.Security.Cryptography.X509Certificates;
using Harmony.Testing;
using Microsoft.AspNetCore.Http;

namespace Harmony.Http.Tests.Services.Http.Forwarding.Http1;

/// <summary>HTTP/1.1 over TLS is the same client as without, and HTTP/2 is what an origin may choose instead.</summary>
public class TlsOriginTests
{
    private static readonly TestAuthority Authority = TestAuthority.Create("tls");
    private static readonly X509Certificate2 Certificate = Authority.Issue("origin", "127.0.0.1");

    /// <summary>RFC 9112 §9.5: an origin may answer an upload before it has read it, and keep the connection.</summary>
    [Theory]
    [InlineData("Connection: close\r\n")]
    [InlineData("")]
    public async Task Upload_AnsweredEarly_ClientGetsTheAnswerAtOnce(string field)
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync($"HTTP/1.1 413 Too Large\r\n{field}Content-Length: 5\r\n\r\nlarge");
            await Task.Delay(Timeout.Infinite, connection.Stop);
        }, Certificate);
        await using var gateway = await StartAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        var sending = SendAsync(client, 30_000_000);
        Assert.Equal("large", (await RawAnswer.ReadAsync(client).Guarded()).Body);
        client.Dispose();
        await sending;
    }

    [Fact]
    public async Task Connections_AreUsedAgain_AndTheFirstIsNotWasted()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", Certificate);
        await using var gateway = await StartAsync(origin.Url);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("ok", (await gateway.SendRawAsync("POST", "/")).Body);
            await gateway.SettledAsync(); // the connection is free when the request has ended
        }

        Assert.Equal(1, origin.Connections);
    }

    [Theory]
    [InlineData("auto", "HTTP/2")]
    [InlineData("2", "HTTP/2")]
    [InlineData("1.1", "HTTP/1.1")]
    public async Task Version_IsTheOneThatIsAgreed(string version, string spoken)
    {
        await using var origin =
            await KestrelOrigin.StartTlsAsync(tls => tls.ServerCertificate = Certificate, context => context.Response.WriteAsync(context.Request.Protocol));
        await using var gateway = await StartAsync(origin.Url, $"http_version = \"{version}\"");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => gateway.SendRawAsync("GET", "/")));
        Assert.All(answers, answer => Assert.Equal((200, spoken), (answer.Status, answer.Body)));
    }

    [Fact]
    public async Task Certificate_OfAnotherAuthority_Is502AndEachTryIsItsOwn()
    {
        await using var origin =
            RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", TestAuthority.Create("foreign").Issue("origin", "127.0.0.1"));
        await using var gateway = await StartAsync(origin.Url, "max_retries = 0");
        for (var i = 0; i < 2; i++) Assert.Equal(502, (await gateway.SendRawAsync("GET", "/")).Status);
        Assert.Contains("no TLS connection", (await gateway.Log.FirstAsync(2005)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trailers_OfARequest_AreSentOverTls()
    {
        (string Body, string Trailers) got = default;
        await using var origin = RawOrigin.Start(async connection =>
        {
            while (await connection.ReadHeadAsync() is { } head)
            {
                if (head.StartsWith("POST", StringComparison.Ordinal)) got = await connection.ReadChunksAsync();
                await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        }, Certificate);
        await using var gateway = await StartAsync(origin.Url);
        await gateway.SendRawAsync("GET", "/");
        var answer =
            await gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: h\r\nTrailer: X-T\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-T: 1\r\n\r\n");
        Assert.Equal((200, "hi", "X-T: 1\r\n"), (answer.Status, got.Body, got.Trailers));
    }

    private static async Task SendAsync(RawConnection client, int size)
    {
        try
        {
            await client.WriteAsync($"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {size}\r\n\r\n{new string('x', size)}");
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The test has what it wanted.
        }
    }

    private static Task<TestGateway> StartAsync(Uri origin, string options = "") => TestGateway.StartAsync(
        new ForwardingConfig(
            origin)
        { Backend = $"ca_cert_path = \"ours.pem\"\n{options}", Retries = options.Contains("max_retries", StringComparison.Ordinal) }.ToToml(),
        new Dictionary<string, string> { ["ours.pem"] = Authority.Pem });
}
