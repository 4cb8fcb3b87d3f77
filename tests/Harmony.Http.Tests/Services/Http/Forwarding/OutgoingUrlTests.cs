using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

public class OutgoingUrlTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Theory]
    [InlineData("/", "", "", "/", "/")]
    [InlineData("/", "", "", "/a/b/", "/a/b/")]
    [InlineData("/", "/base", "", "/a", "/base/a")]
    [InlineData("/", "/base/", "", "/a", "/base/a")]
    [InlineData("/", "/base/", "", "/", "/base/")]
    [InlineData("/", "", "pre", "/a", "/pre/a")]
    [InlineData("/", "", "/pre/", "/a", "/pre/a")]
    [InlineData("/", "/base", "/pre", "/a", "/base/pre/a")]
    [InlineData("/api", "", "", "/api", "/")]
    [InlineData("/api", "", "", "/api/", "/")]
    [InlineData("/api", "", "", "/api/x", "/x")]
    [InlineData("/api/", "", "", "/api/x", "/x")]
    [InlineData("/api", "/base", "", "/api", "/base")]
    [InlineData("/api", "/base", "", "/api/", "/base/")]
    [InlineData("/api", "/base", "/pre/", "/api/x", "/base/pre/x")]
    [InlineData("/api", "", "/pre", "/api", "/pre")]
    public async Task Path_OfEndpointBackendAndBase_MeetsAtOneSlash(string endpoint, string basePath, string backend, string sent, string expected)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url)
        {
            Endpoint = $"path_prefix = \"{endpoint}\"", BasePath = basePath, Backend = $"path_prefix = \"{backend}\"",
        }.StartAsync();
        Assert.Equal(200, (await gateway.SendRawAsync("GET", sent + "?q=1")).Status);
        Assert.StartsWith($"GET {expected}?q=1 HTTP/1.1\r\n", origin.Heads.Single());
    }

    [Fact]
    public async Task Path_OfAPattern_GoesToTheBackendWhole()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Endpoint = "path = \"/orders/{id}\"" }.StartAsync();
        await gateway.SendRawAsync("GET", "/orders/7");
        Assert.StartsWith("GET /orders/7 HTTP/1.1\r\n", origin.Heads.Single());
    }

    [Theory]
    [InlineData("a=1&b=%20%2F%2f&c")]
    [InlineData("a=b?c=/d/../e//f")]
    [InlineData("x=%zz&y=%&%00")]
    [InlineData("q='\"<>{}|\\^`[]")]
    [InlineData("a=+b&a=;c&&=")]
    [InlineData("%E4%FC")]
    public async Task Query_OfAnyShape_IsUntouched(string query)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        Assert.Equal(200, (await gateway.SendRawAsync("GET", "/a?" + query)).Status);
        Assert.StartsWith($"GET /a?{query} HTTP/1.1\r\n", origin.Heads.Single());
    }

    [Fact]
    public async Task Target_InAbsoluteForm_IsThePathAlone()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "preserve_host = true");
        Assert.Equal(200, (await gateway.SendRawAsync("GET", "http://gateway.example/a/./b?c#".TrimEnd('#'))).Status);
        Assert.StartsWith("GET /a/b?c HTTP/1.1\r\n", origin.Heads.Single());
        Assert.Equal(["gateway.example"], RawAnswer.FieldsOf(origin.Heads.Single(), "host"));
    }

    [Fact]
    public async Task Target_WithAnEmptyQuery_ComesThrough()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        Assert.Equal(200, (await gateway.SendRawAsync("GET", "/a?")).Status);
        Assert.StartsWith("GET /a", origin.Heads.Single());
    }
}
