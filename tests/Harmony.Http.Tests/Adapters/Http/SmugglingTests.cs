using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

/// <summary>Threat: request smuggling (Kestrel CVE-2025-55315 and its kind). A shape that two servers may read differently goes no further.</summary>
public class SmugglingTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    /// <summary>What an attacker hopes that one server takes for a body and another for a request.</summary>
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

    public static TheoryData<string> Heads { get; } =
    [
        // Both kinds of framing, in either order.
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",

        // Transfer-Encoding that only one of two servers recognises.
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunkedx\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: identity, chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: chunked;q=1\r\n",
        "Transfer-Encoding: \"chunked\"\r\n",
        "Transfer-Encoding: ,chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding:\r\n",
        "Transfer-Encoding: \u000Bchunked\r\n",
        "Transfer-Encoding: chunked\u0000\r\n",
        "Transfer-Encoding:\r\n chunked\r\n",
        "X: y\r\n Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding\t: chunked\r\n",
        " Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\rX: y\r\n",
        "X: y\nTransfer-Encoding: chunked\r\n",
        "X: y\rTransfer-Encoding: chunked\r\n",

        // Content-Length that two servers count differently.
        "Content-Length: 4\r\nContent-Length: 5\r\n",
        "Content-Length: 4\r\nContent-Length: 4\r\n",
        "Content-Length: 4, 5\r\n",
        "Content-Length: 4,4\r\n",
        "Content-Length: -4\r\n",
        "Content-Length: +4\r\n",
        "Content-Length: 4\0\r\n",
        "Content-Length: 0x4\r\n",
        "Content-Length: 4 4\r\n",
        "Content-Length: 4;\r\n",
        "Content-Length: 4.0\r\n",
        "Content-Length: 1e1\r\n",
        "Content-Length: \"4\"\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Content-Length: 000000000000000000000004\r\n",
        "Content-Length:\r\n",
        "Content-Length : 4\r\n",
        "Content-Length\t: 4\r\n",
        "Content-Length:\r\n 4\r\n",

        // Lines and names.
        "X: a\u0000b\r\n",
        "X\u0000: a\r\n",
        "X : a\r\n",
        ": a\r\n",
        "no colon\r\n",
        "\"Content-Length\": 4\r\nConnection: close\r\n",
        "Content(Length: 4\r\nConnection: close\r\n",
        "Content-Length\u000B: 4\r\nConnection: close\r\n",
        "X: a\n",
        "\nX: a\r\n",
    ];

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task Head_ReadDifferentlyByTwoServers_IsRefusedAndEndsTheConnection(string fields)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        await AssertRefusedAsync(gateway, $"POST / HTTP/1.1\r\nHost: h\r\n{fields}\r\n0\r\n\r\n{Smuggled}");
        Assert.Empty(origin.Heads);
    }

    public static TheoryData<string> RequestLines { get; } =
    [
        "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: h\r\n\r\n",
        " GET / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / x HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/0.9\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.2\r\nHost: h\r\n\r\n",
        "GET / HTTP/3.0\r\nHost: h\r\n\r\n",
        "GET / http/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\rHost: h\r\n\r\n",
        "GE\u0000T / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /\u0000 HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET a HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET http:///a HTTP/1.1\r\nHost: h\r\n\r\n",

        // Whom is it for?
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h, i\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h/i\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h@i\r\n\r\n",
        "GET http://u@h/ HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(RequestLines))]
    public async Task RequestLine_ReadDifferentlyByTwoServers_IsRefused(string request)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        await AssertRefusedAsync(gateway, request + Smuggled);
        Assert.Empty(origin.Heads);
    }

    public static TheoryData<string> Chunks { get; } =
    [
        "0x2\r\nhi\r\n0\r\n\r\n",
        "+2\r\nhi\r\n0\r\n\r\n",
        "-2\r\nhi\r\n0\r\n\r\n",
        " 2\r\nhi\r\n0\r\n\r\n",
        "2 \r\nhi\r\n0\r\n\r\n",
        "\r\nhi\r\n0\r\n\r\n",
        "g\r\nhi\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFF\r\nhi\r\n0\r\n\r\n",
        "100000002\r\nhi\r\n0\r\n\r\n",
        "80000000\r\nhi\r\n0\r\n\r\n",
        "2\nhi\r\n0\r\n\r\n",
        "2\rhi\r\n0\r\n\r\n",
        "2;\nhi\r\n0\r\n\r\n",
        "2;a\nhi\r\n0\r\n\r\n", // CVE-2025-55315: an extension that ends in a bare line feed
        "2;a\rhi\r\n0\r\n\r\n",
        "2;a\n\r\nhi\r\n0\r\n\r\n",
        "2\r\nhi0\r\n\r\n",
        "2\r\nhi\n0\r\n\r\n",
        "2\r\nhiX\r\n0\r\n\r\n",
        "2\r\nhi\r\n0\n\n",
        "2\r\nhi\r\n0;a\nb\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Chunks))]
    public async Task Chunk_ReadDifferentlyByTwoServers_EndsTheConnection(string body)
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            while (await connection.ReadHeadAsync() is { } head)
            {
                await connection.ReadBodyAsync(head);
                await connection.WriteAsync(Ok);
            }
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync($"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{body}{Smuggled}");
        var (text, _) = await client.ReadToEndAsync();
        // The head may have been forwarded already; what counts is that the rest is never a request.
        Assert.StartsWith("HTTP/1.1 400 ", text);
        Assert.Equal(1, text.Split("HTTP/1.1 ").Length - 1);
        Assert.DoesNotContain(origin.Heads, head => head.Contains("smuggled", StringComparison.Ordinal));
        Assert.Equal(200, (await gateway.SendRawAsync("GET", "/after")).Status);
    }

    [Theory]
    [InlineData("Content_Length: 4")]
    [InlineData("Transfer_Encoding: chunked")]
    [InlineData("X-Content-Length: 4")]
    [InlineData("Transfer-Encodin: chunked")]
    [InlineData("Xtransfer-Encoding: chunked")]
    [InlineData("Content-Length-: 4")]
    [InlineData("X: Transfer-Encoding: chunked")]
    public async Task Field_ThatLooksLikeFraming_IsNone(string field)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync($"GET /first HTTP/1.1\r\nHost: h\r\n{field}\r\n\r\nGET /second HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal(200, (await RawAnswer.ReadAsync(client)).Status);
        Assert.Equal(200, (await RawAnswer.ReadAsync(client)).Status);
        Assert.Equal(["GET /first", "GET /second"], origin.Heads.Select(h => string.Join(' ', h.Split(' ')[..2])));
        Assert.All(origin.Heads, head => Assert.Empty(RawAnswer.FieldsOf(head, "content-length")));
        Assert.All(origin.Heads, head => Assert.Empty(RawAnswer.FieldsOf(head, "transfer-encoding")));
    }

    /// <summary>Kestrel reads these, in the only way they can be read; the origin gets that reading and not the spelling.</summary>
    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0004\r\n\r\nhi!\n", "4")]
    [InlineData("GET /  HTTP/1.1\r\nHost: h\r\n\r\n", null)]
    public async Task Spelling_ThatIsOddButClear_IsWrittenAnew(string request, string? length)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync(request + "GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal(200, (await RawAnswer.ReadAsync(client)).Status);
        Assert.Equal(200, (await RawAnswer.ReadAsync(client)).Status);
        Assert.Equal("/ /next", string.Join(' ', origin.Heads.Select(h => h.Split(' ')[1])));
        Assert.Equal(length is null ? [] : [length], RawAnswer.FieldsOf(origin.Heads.First(), "content-length"));
    }

    [Fact]
    public async Task TransferEncoding_InHttp10_IsRefused()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        await AssertRefusedAsync(gateway, $"POST / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Smuggled}");
        Assert.Empty(origin.Heads);
    }

    [Fact]
    public async Task Whitespace_AroundValues_IsNotPartOfThem()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("POST / HTTP/1.1\r\nHost:\th \r\nContent-Length: \t 2 \t\r\n\r\nhi");
        Assert.Equal(200, (await RawAnswer.ReadAsync(client)).Status);
        await client.WriteAsync("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\tchunked \r\n\r\n2\r\nhi\r\n0\r\n\r\n");
        Assert.Equal(200, (await RawAnswer.ReadAsync(client)).Status);
        Assert.Equal(["2"], RawAnswer.FieldsOf(origin.Heads.First(), "content-length"));
        Assert.Equal(["chunked"], RawAnswer.FieldsOf(origin.Heads.Last(), "transfer-encoding"));
    }

    /// <summary>One answer of 400 or the like, then the end: what follows is not a request any more.</summary>
    private static async Task AssertRefusedAsync(TestGateway gateway, string bytes)
    {
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync(bytes);
        var (text, _) = await client.ReadToEndAsync();
        Assert.Matches("^HTTP/1\\.1 (400|405|501|505) ", text);
        Assert.Equal(1, text.Split("HTTP/1.1 ").Length - 1);
    }
}
