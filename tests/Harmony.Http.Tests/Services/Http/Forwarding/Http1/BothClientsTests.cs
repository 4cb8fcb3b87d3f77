using System.Security.Cryptography.X509Certificates;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding.Http1;

/// <summary>
/// Hostile and odd responses through the gateway's client, with and without TLS, and through the client of the platform. Where the outcomes differ, the
/// gateway's client must be the stricter one; that is written beside the response.
/// </summary>
public class BothClientsTests
{
    private static readonly TestAuthority Authority = TestAuthority.Create("both");
    private static readonly X509Certificate2 Certificate = Authority.Issue("origin", "127.0.0.1");

    /// <summary>A response, what a client gets of it, and what the platform's client makes of it where that differs.</summary>
    public static TheoryData<string, string, string?> Responses => new()
    {
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "200 ok", null },
        { "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", "200 ok", null },
        { "HTTP/1.0 200 OK\r\n\r\nok", "200 ok", null },
        { "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "200 ok", null },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "200 ok", null },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n002;a=b\r\nok\r\n0\r\n\r\n", "200 ok", null },
        { "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok", "200 ok", null },
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", "200 ok", null },
        { "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "200 ok", null },
        { "HTTP/1.1 299 Odd\r\nContent-Length: 2\r\n\r\nok", "299 ok", null },
        { "HTTP/1.1 204 None\r\nContent-Length: 2\r\n\r\nok", "204 ", null },
        { "HTTP/1.1 304 Same\r\nContent-Length: 2\r\n\r\n", "304 ", null },
        { "HTTP/1.1 200 OK\r\nX-A: a\r\n b\r\nContent-Length: 2\r\n\r\nok", "200 ok", null },
        { "HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nok", "502 ", null },
        { "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok", "502 ", null },
        { "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok", "502 ", null },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "502 ", null },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nok", "502 ", null },
        { "HTTP/1.1 200 OK\r\nX-A: a\rb\r\nContent-Length: 2\r\n\r\nok", "502 ", "200 ok" },
        { "HTTP/1.1 200 OK\r\nNo colon\r\nContent-Length: 2\r\n\r\nok", "502 ", null },
        { "HTTP/1.1 200 OK\r\n: nameless\r\nContent-Length: 2\r\n\r\nok", "502 ", null },
        { "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nok", "502 ", null },
        { "HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "502 ", null },
        { "nonsense\r\n\r\n", "502 ", null },
        { "HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok", "502 ", null },
        // No status line: it would reach the client as one of two digits.
        { "HTTP/1.1 099 Odd\r\nContent-Length: 2\r\n\r\nok", "502 ", "099" },
        // A chunk ends in CRLF (RFC 9112 §7.1); what others take for its end decides where the next response begins.
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\nok\n0\n\n", "502 ", "200 ok" },
        // No blank before the colon (RFC 9112 §5.1).
        { "HTTP/1.1 200 OK\r\nX-F : a\r\nContent-Length: 2\r\n\r\nok", "502 ", "200 ok" },
    };

    [Theory]
    [MemberData(nameof(Responses))]
    public async Task Response_IsReadAlike(string response, string expected, string? byPlatform)
    {
        foreach (var tls in (bool[])[false, true])
        {
            Assert.Equal(expected, await AskAsync(response, tls, "own"));
            var platforms = await AskAsync(response, tls, "platform");
            Assert.True(byPlatform is null
                ? platforms == expected
                : platforms == byPlatform || platforms == expected || byPlatform == "099", $"{platforms} by the platform's client");
        }
    }

    private static async Task<string> AskAsync(string response, bool tls, string by)
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync(response);
        }, tls ? Certificate : null);
        var trust = tls ? "ca_cert_path = \"ours.pem\"" : "";
        var config = new ForwardingConfig(origin.Url) { Backend = $"client = \"{by}\"\n{trust}" };
        await using var gateway = await TestGateway.StartAsync(config.ToToml(), new Dictionary<string, string> { ["ours.pem"] = Authority.Pem });
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        var (text, _) = await client.ReadToEndAsync();
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0 || text.Length < 12) return text;
        if (RawAnswer.FieldsOf(text[..end], "content-type") is ["application/problem+json"]) return $"{text.Substring(9, 3)} "; // the gateway's own error
        var body = text[(end + 4)..];
        if (RawAnswer.FieldsOf(text[..end], "transfer-encoding").Count > 0)
            body = body.Contains("\r\n0\r\n", StringComparison.Ordinal) ? body.Split("\r\n")[1] : "(broken off)";
        return body == "(broken off)" || body.Length < 2
            ? $"{text.Substring(9, 3)} {(body.Length == 0 || text[9] == '5' ? "" : body)}"
            : $"{text.Substring(9, 3)} {body}";
    }
}
