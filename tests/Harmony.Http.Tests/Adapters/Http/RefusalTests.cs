using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

public class RefusalTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Fact]
    public async Task Body_DeclaredTooLarge_Is413BeforeAnythingIsSent()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Endpoint = "path_prefix = \"/\"\nmax_body_size = 10" }.StartAsync();
        AssertRefused(413, await gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n"));
        Assert.Equal(0, origin.Connections);
        Assert.Equal(200, (await gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789")).Status);
    }

    [Fact]
    public async Task Body_StreamedTooLarge_Is413AndTheOriginNeverSeesItsEnd()
    {
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            ended.SetResult((await connection.ReadToEndAsync()).Text);
        });
        await using var gateway = await new ForwardingConfig(origin.Url) { Endpoint = "path_prefix = \"/\"\nmax_body_size = 10" }.StartAsync();
        AssertRefused(413, await gateway.SendRawAsync(
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n01234567\r\n8\r\n01234567\r\n0\r\n\r\n"));
        Assert.DoesNotContain("0\r\n\r\n", await ended.Task.Guarded(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000, 200)]
    [InlineData(1001, 413)]
    public async Task Body_InChunksOfOneByte_IsMeasuredWithoutTheirFraming(int length, int status)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Endpoint = "path_prefix = \"/\"\nmax_body_size = 1000" }.StartAsync();
        var body = string.Concat(Enumerable.Repeat("1\r\nx\r\n", length));
        Assert.Equal(status, (await gateway.SendRawAsync($"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{body}0\r\n\r\n")).Status);
    }

    [Fact]
    public async Task Body_BrokenInTheMiddle_Is400AndTheOriginNeverSeesItsEnd()
    {
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            ended.SetResult((await connection.ReadToEndAsync()).Text);
        });
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        AssertRefused(400, await gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nnot a size\r\n"));
        Assert.DoesNotContain("0\r\n\r\n", await ended.Task.Guarded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Path_WithoutRoute_Is404()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Endpoint = "path_prefix = \"/api\"" }.StartAsync();
        AssertRefused(404, await gateway.SendRawAsync("GET", "/apis"));
    }

    [Fact]
    public async Task Method_WithoutRoute_Is405WithAllow()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Endpoint = "path_prefix = \"/\"\nmethods = [\"GET\", \"PUT\"]" }.StartAsync();
        var answer = await gateway.SendRawAsync("POST", "/", "Content-Length: 0");
        AssertRefused(405, answer);
        Assert.Equal(["GET, PUT"], answer["allow"]);
    }

    [Fact]
    public async Task Path_Malformed_Is400()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        AssertRefused(400, await gateway.SendRawAsync("GET", "/a%zz"));
        Assert.Equal(0, origin.Connections);
    }

    [Fact]
    public async Task Refusal_OnAKeptConnection_NextRequestIsServed()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Endpoint = "path_prefix = \"/api\"" }.StartAsync();
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("POST /no HTTP/1.1\r\nHost: h\r\nContent-Length: 44\r\n\r\nGET /api/smuggled HTTP/1.1\r\nHost: h\r\nX: y\r\n\r\nGET /api/next "
            + "HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal(404, (await RawAnswer.ReadAsync(client)).Status);
        Assert.Equal(200, (await RawAnswer.ReadAsync(client)).Status);
        Assert.StartsWith("GET /next ", origin.Heads.Single());
    }

    [Theory]
    [InlineData("/a/b?c=%20d", "https://gateway.example/a/b?c=%20d")]
    [InlineData("/", "https://gateway.example/")]
    [InlineData("//evil.example/%2e%2e/x", "https://gateway.example/x")]
    public async Task ForceHttps_RedirectsWithPathAndQuery(string target, string location)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "force_https = true" }.StartAsync();
        foreach (var method in new[] { "GET", "POST", "HEAD" })
        {
            var answer = await gateway.SendRawAsync(method, target, "Content-Length: 0");
            AssertRefused(301, answer);
            Assert.Equal([location], answer["location"]);
        }

        Assert.Equal(0, origin.Connections);
    }

    [Theory]
    [InlineData("GET / HTTP/1.0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost:\r\n\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n")]
    public async Task ForceHttps_WithoutHostOrPath_Is400(string request)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "force_https = true" }.StartAsync();
        AssertRefused(400, await gateway.SendRawAsync(request));
    }

    private static void AssertRefused(int status, RawAnswer answer, bool isHead = false)
    {
        Assert.Equal(status, answer.Status);
        var id = Assert.Single(answer["x-request-id"]);
        Assert.Equal([$"{answer.Body.Length}"], answer["content-length"]);
        if (status >= 400 && !isHead) Assert.Contains($"\"request_id\":\"{id}\"", answer.Body, StringComparison.Ordinal);
        else Assert.Equal("", answer.Body);
    }
}
