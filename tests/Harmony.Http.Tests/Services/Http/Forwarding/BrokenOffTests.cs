using System.Security.Cryptography.X509Certificates;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

/// <summary>An origin that breaks off: what came before reaches the client, who cannot take it for the whole; where nothing came it is 502.</summary>
public class BrokenOffTests
{
    private static readonly TestAuthority Authority = TestAuthority.Create("broken");
    private static readonly X509Certificate2 Certificate = Authority.Issue("origin", "127.0.0.1");

    [Theory]
    [InlineData("Content-Length: 10\r\n\r\nhello", false)]
    [InlineData("Content-Length: 10\r\n\r\nhello", true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", true)]
    public async Task Origin_BreaksOffBehindItsFirstPacket_WhatCameIsPassedOn(string answer, bool tls)
    {
        await using var origin = Breaking("HTTP/1.1 200 OK\r\n" + answer, tls);
        await using var gateway = await StartAsync(origin, "");
        for (var i = 0; i < 10; i++)
        {
            using var client = await RawConnection.OpenAsync(gateway.Address);
            await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            var (text, _) = await client.ReadToEndAsync();
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", text);
            Assert.Contains("hello", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\r\n0\r\n\r\n", text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(gateway.Log.Lines, l => l.Exception?.GetType().Name == "BrokenOffResponseException");
    }

    [Theory]
    [InlineData("Content-Length: 10\r\n\r\n", false)]
    [InlineData("Content-Length: 10\r\n\r\n", true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n", false)]
    public async Task Origin_BreaksOffBehindItsHead_ClientCannotTakeItForWhole(string answer, bool tls)
    {
        await using var origin = Breaking("HTTP/1.1 200 OK\r\n" + answer, tls);
        await using var gateway = await StartAsync(origin, "");
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        var (text, _) = await client.ReadToEndAsync();
        Assert.True(text.StartsWith("HTTP/1.1 502", StringComparison.Ordinal) || !text.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal), text);
    }

    [Fact]
    public async Task Http2Client_GetsWhatCame_AndAReset()
    {
        await using var origin = Breaking("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", tls: false);
        await using var gateway = await StartAsync(origin, "h2c = true");
        using var client = await RawHttp2.OpenAsync(gateway.Address);
        await client.SendAsync(RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders | RawHttp2.EndStream, 1, RawHttp2.Get()));
        Assert.Equal("hello"u8.ToArray(), await client.ReadUntilAsync(RawHttp2.Data, RawHttp2.RstStream));
        Assert.NotNull(await client.ReadUntilAsync(RawHttp2.RstStream));
    }

    /// <summary>The end of the connection would be the end of the body to a client of HTTP/1.0.</summary>
    [Fact]
    public async Task Http10Client_IsReset()
    {
        await using var origin = Breaking("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", tls: false);
        await using var gateway = await StartAsync(origin, "");
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.0\r\nHost: h\r\n\r\n");
        Assert.True((await client.ReadToEndAsync()).Reset);
    }

    private static RawOrigin Breaking(string answer, bool tls) => RawOrigin.Start(async connection =>
    {
        await connection.ReadHeadAsync();
        await connection.WriteAsync(answer);
    }, tls ? Certificate : null);

    private static Task<TestGateway> StartAsync(RawOrigin origin, string tcp)
    {
        var trust = origin.Url.Scheme == "https" ? "ca_cert_path = \"ours.pem\"" : "";
        return TestGateway.StartAsync(new ForwardingConfig(origin.Url) { Tcp = tcp, Backend = trust }.ToToml(), new Dictionary<string,
            string>
        { ["ours.pem"] = Authority.Pem });
    }
}
