using System.Security.Cryptography.X509Certificates;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding.Handler;

/// <summary>Odd answers mean the same over TLS, which HttpClient reads, and without, where we do.</summary>
public class HandlerAnswerTests
{
    private static readonly TestAuthority Authority = TestAuthority.Create("ours");
    private static readonly X509Certificate2 Certificate = Authority.Issue("origin", "127.0.0.1");

    [Theory]
    [InlineData("Content-Length: 2, 2\r\n\r\nok", 200, false)]
    [InlineData("Content-Length: 2, 2\r\n\r\nok", 200, true)]
    [InlineData("Content-Length: 2\r\nContent-Length: 2\r\n\r\nok", 200, false)]
    [InlineData("Content-Length: 2\r\nContent-Length: 2\r\n\r\nok", 200, true)]
    [InlineData("Content-Length: 2, 3\r\n\r\nok", 502, false)]
    [InlineData("Content-Length: 2, 3\r\n\r\nok", 502, true)]
    [InlineData("Content-Length: +2\r\n\r\nok", 502, false)]
    [InlineData("Content-Length: +2\r\n\r\nok", 502, true)]
    [InlineData("Content-Length: two\r\n\r\nok", 502, false)]
    [InlineData("Content-Length: two\r\n\r\nok", 502, true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nMustermann\r\nok\r\n0\r\n\r\n", 502, false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nMustermann\r\nok\r\n0\r\n\r\n", 502, true)]
    public async Task Answer_WithOddFraming_IsReadAlike(string answer, int status, bool tls)
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\n" + answer, tls ? Certificate : null);
        await using var gateway = await BackendConfig.StartAsync($"""
            [backends.b]
            service = "http"
            target_ref = "t"
            [targets.t.connection]
            host = "127.0.0.1"
            port = {origin.Url.Port}
            protocol = "{origin.Url.Scheme}"
            {(tls ? "ca_cert_path = \"ours.pem\"" : "")}
            """, new Dictionary<string, string> { ["ours.pem"] = Authority.Pem });
        var received = await gateway.SendRawAsync("GET", "/").Guarded();
        Assert.Equal((status, status == 200), (received.Status, received.Body == "ok"));
        Assert.DoesNotContain(gateway.Log.Lines, l => $"{l.Message} {l.Exception}".Contains("Mustermann", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answer_ShorterThanItsLengths_IsBrokenOff()
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\no");
        }, Certificate);
        await using var gateway = await BackendConfig.StartAsync($$"""
            [backends.b]
            service = "http"
            options = { base_url = "{{origin.Url}}", ca_cert_path = "ours.pem" }
            """, new Dictionary<string, string> { ["ours.pem"] = Authority.Pem });
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        var (text, _) = await client.ReadToEndAsync();
        Assert.False(text.EndsWith("ok", StringComparison.Ordinal), text);
    }
}
