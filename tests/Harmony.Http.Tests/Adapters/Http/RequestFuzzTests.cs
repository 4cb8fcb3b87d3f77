using System.Text;
using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

/// <summary>Threat: YARP CVE-2022-26924, CVE-2023-33141: malformed requests never become unforeseen exceptions, and the process stays up.</summary>
public class RequestFuzzTests
{
    private const int Rounds = 400;
    private const int Unforeseen = 2007;

    private static readonly string[] Pieces =
    [
        "GET", "POST", "OPTIONS", "CONNECT", "get", " ", "  ", "\t", "\r\n", "\n", "\r", "\0", "/", "//", "/a", "/../", "%2f", "%", "%00", "*", "http://h/",
        "h:80", "?", "#", ";",
        "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "Host: h", "Host: ", "Content-Length: 2", "Content-Length: -1", "Transfer-Encoding: chunked",
        "Transfer-Encoding: x", "Connection: close",
        "Connection: Upgrade", "Upgrade: websocket", "Upgrade: h2c", "Expect: 100-continue", "X-Request-Id: \u00FF", "Forwarded: for=\"", "TE: ,",
        "Cookie: =;=", ":", "=", ",", "\u00E9",
        "\u0001", "0\r\n\r\n", "2\r\nhi\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ];

    [Fact]
    public async Task Requests_MadeOfHostilePieces_NeverReachUnforeseenCode()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await new ForwardingConfig(origin.Url) { Network = "trusted_proxies = [\"127.0.0.1\"]" }.StartAsync();
#pragma warning disable CA5394, RS0030 // the same requests in every run
        var random = new Random(20260101);
#pragma warning restore RS0030
        for (var i = 0; i < Rounds; i++)
        {
            using var client = await RawConnection.OpenAsync(gateway.Address);
            await SendAsync(client, Request(random));
        }
#pragma warning restore CA5394

        Assert.Equal(200, (await gateway.SendRawAsync("GET", "/after")).Status);
        Assert.False(gateway.Log.Has(Unforeseen), string.Join('\n', gateway.Log.Lines.Where(l => l.EventId == Unforeseen).Select(l => l.Exception)));
    }

#pragma warning disable CA5394
    private static string Request(Random random)
    {
        // Half of them nearly good, so that they get past the first check.
        var text = new StringBuilder(random.Next(2) == 0 ? "" : "POST /a HTTP/1.1\r\nHost: h\r\n");
        for (var count = random.Next(1, 12); count > 0; count--) text.Append(Pieces[random.Next(Pieces.Length)]).Append(random.Next(2) == 0 ? "\r\n" : "");
        return text.Append("\r\n\r\n").ToString();
    }
#pragma warning restore CA5394

    private static async Task SendAsync(RawConnection client, string request)
    {
        try
        {
            await client.WriteAsync(request);
            client.EndSending();
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            // Refused before it was all sent.
        }

        await client.WaitForEndAsync();
    }
}
