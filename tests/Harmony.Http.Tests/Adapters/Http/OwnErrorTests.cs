using System.Text.Json.Nodes;
using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

/// <summary>What clients get from the gateway itself when something is refused or fails.</summary>
public sealed class OwnErrorTests
{
    private const string Chrome = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

    [Fact]
    public async Task Fault_IsProblemDetailsWithTheIdOfTheLog_AndKeepsTheReasonToItself()
    {
        var port = FreePort.Take();
        await using var gateway = await TestGateway.ForwardingAsync(new Uri($"http://127.0.0.1:{port}"), "max_retries = 0");
        var answer = await gateway.SendRawAsync("GET", "/", "x-request-id: case-7");
        Assert.Equal((502, "application/problem+json", "no-store"),
            (answer.Status, Assert.Single(answer["content-type"]), Assert.Single(answer["cache-control"])));
        Assert.Equal(
            """{"title":"Bad Gateway","status":502,"detail":"The system behind the gateway cannot be reached, or broke the connection.","request_id":"case-7"}""", answer.Body);
        Assert.DoesNotContain($"{port}", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/%zz", Chrome, 400)]
    [InlineData("GET", "/nothing", Chrome, 404)]
    [InlineData("DELETE", "/one", "text/html", 405)]
    [InlineData("GET", "/one", "application/json;q=0.5, text/html", 502)]
    public async Task Browser_GetsAPageThatLoadsNothing(string method, string target, string accept, int status)
    {
        await using var gateway = await StartAsync();
        var answer = await gateway.SendRawAsync(method, target, $"Accept: {accept}");
        Assert.Equal((status, "text/html; charset=utf-8"), (answer.Status, Assert.Single(answer["content-type"])));
        Assert.Equal(["default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"], answer["content-security-policy"]);
        Assert.Contains($"<h1>{status} ", answer.Body, StringComparison.Ordinal);
        Assert.Contains($"<code>{Assert.Single(answer["x-request-id"])}</code>", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("://", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/json, text/html;q=0.9")]
    [InlineData("text/html;q=0")]
    [InlineData("application/dicom+json")]
    [InlineData("no, media/type/at all")]
    public async Task Program_GetsJson(string accept)
    {
        await using var gateway = await StartAsync();
        var answer = await gateway.SendRawAsync("GET", "/nothing", $"Accept: {accept}");
        Assert.Equal("application/problem+json", Assert.Single(answer["content-type"]));
        Assert.Equal(404, JsonNode.Parse(answer.Body)!["status"]!.GetValue<int>());
    }

    [Fact]
    public async Task Head_IsToldTheLengthAlone()
    {
        await using var gateway = await StartAsync();
        var answer = await gateway.SendRawAsync("HEAD", "/nothing");
        Assert.Equal((404, ""), (answer.Status, answer.Body));
        Assert.NotEqual("0", Assert.Single(answer["content-length"]));
    }

    /// <summary>Ids of clients stand in the page as they are printed, and not as markup.</summary>
    [Fact]
    public async Task Id_OfTheClient_IsNoMarkup()
    {
        await using var gateway = await StartAsync();
        var answer = await gateway.SendRawAsync("GET", "/nothing", "Accept: text/html", "x-request-id: <b>7</b>");
        Assert.DoesNotContain("<b>", answer.Body, StringComparison.Ordinal);
    }

    private static Task<TestGateway> StartAsync()
        => new ForwardingConfig(new Uri($"http://127.0.0.1:{FreePort.Take()}")) { Endpoint = "path = \"/one\"\nmethods = [\"GET\"]" }.StartAsync();
}
