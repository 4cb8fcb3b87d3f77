using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Testing;

namespace Harmony.Data.Tests.Middleware.LogDump;

/// <summary>Whoever raises the level of the log sees more; clients and backends get what they got before.</summary>
public sealed class DumpOutcomeTests
{
    private const int Limit = 200_000;

    public static TheoryData<string, string?, string, int, string> Bodies => new()
    {
        // content type, content coding, body ("random" or text), its length, parse status
        { "application/json", "zstd", "{}", 0, "Failed" },
        { "application/json", "gzip", "{}", 0, "Failed" },
        { "application/json; charset=utf-7", null, "{}", 0, "Failed" },
        { "application/json", null, "{not json", 0, "Failed" },
        { "application/json", null, "random", Limit + 1, "NotAttempted" },
        { "application/json", null, "random", 100_000, "Failed" },
        { "text/csv", null, "random", (3 * Limit) + 17, "NotAttempted" },
        { "application/xml", null, "<a><!DOCTYPE x>", 0, "Failed" },
        { "multipart/form-data; boundary=b", null, "--b\r\nno end", 0, "Failed" },
        { "multipart/form-data", null, "random", 100_000, "Failed" },
        { "application/octet-stream", null, "random", 100_000, "Success" },
    };

    /// <summary>The body goes to an origin that sends it back: each case is one of a request and one of an answer.</summary>
    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Body_WhateverItIs_PassesAsWithoutTheDump(string type, string? coding, string text, int length, string status)
    {
        var sent = text == "random" ? RandomNumberGenerator.GetBytes(length) : Encoding.ASCII.GetBytes(text);
        await using var origin = await EchoAsync();
        foreach (var isDumped in (bool[])[false, true])
        {
            await using var gateway = await StartAsync(origin.Url, quiet: !isDumped);
            using var client = TestClient.Http1(gateway.Url);
            // An upload is not read without a length: its end may be far away.
            var isChunked = !type.StartsWith("multipart", StringComparison.Ordinal) && !type.EndsWith("stream", StringComparison.Ordinal);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent(sent) };
            request.Headers.TransferEncodingChunked = isChunked;
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            if (coding is not null) request.Content.Headers.ContentEncoding.Add(coding);
            using var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(sent, await answer.Content.ReadAsByteArrayAsync());
            var dumps = gateway.Log.Lines.Where(l => l.EventId == 2601).Select(l => JsonNode.Parse(l.Message[l.Message.IndexOf('{')..])!).ToList();
            Assert.Equal(isDumped ? 2 : 0, dumps.Count);
            if (!isDumped) continue;
            Assert.Equal(status, (string?)dumps[0]["request_details"]!["content_metadata"]!["parse_status"]);
            Assert.All(dumps, d => Assert.True(d["body"] is not null || d["normalized_data"] is not null));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_ThatIsBrokenOff_IsNoFaultOfTheGateway(bool isDumped)
    {
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n");
        });
        await using var gateway = await StartAsync(origin.Url, quiet: !isDumped);
        using var client = TestClient.Http1(gateway.Url);
        // With whatever has reached the client when the connection ends: a head of 200 without the rest, or nothing.
        var e = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/"));
        Assert.Null(e.StatusCode);
    }

    private static Task<KestrelOrigin> EchoAsync() => KestrelOrigin.StartAsync(async context =>
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        context.Response.ContentType = context.Request.ContentType;
        context.Response.Headers.ContentEncoding = context.Request.Headers.ContentEncoding;
        if (context.Request.ContentLength is not null) context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.ToArray());
    });

    private static Task<TestGateway> StartAsync(Uri origin, bool quiet) => TestGateway.StartAsync($"""
        [proxy]
        name = "test"
        primary_provider = "local"
        content_limits.max_body_size = {Limit}
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [pipelines.p]
        networks = ["main"]
        endpoints = ["all"]
        middleware = ["log_dump"]
        backends = ["origin"]
        [endpoints.all]
        service = "http"
        options.path_prefix = "/"
        [backends.origin]
        service = "http"
        options.base_url = "{origin}"
        [middleware.log_dump]
        type = "log_dump"
        options.max_bytes = 1048576
        """, quiet: quiet);
}
