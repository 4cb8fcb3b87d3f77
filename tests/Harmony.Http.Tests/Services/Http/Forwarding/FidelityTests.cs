using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

/// <summary>What passes through is what was sent.</summary>
public class FidelityTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory]
    [InlineData("/q?a=1;")]
    [InlineData("/q?a=1;;;")]
    [InlineData("/q?;")]
    [InlineData("/q?")]
    [InlineData("/q??")]
    [InlineData("/?")]
    [InlineData("/q?&&")]
    [InlineData("/q?a=1;b=2&c=%zz")]
    public async Task Query_OfAnyKind_IsPassedOnAsSent(string target)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        Assert.Equal(200, (await gateway.SendRawAsync("GET", target)).Status);
        Assert.StartsWith($"GET {target} HTTP/1.1", origin.Heads.Single());
    }

    [Theory]
    [InlineData("200 Alles klar", "HTTP/1.1 200 Alles klar")]
    [InlineData("299 Odd", "HTTP/1.1 299 Odd")]
    [InlineData("599 Very Odd", "HTTP/1.1 599 Very Odd")]
    [InlineData("999 Off", "HTTP/1.1 999 Off")]
    [InlineData("200 OK", "HTTP/1.1 200 OK")]
    [InlineData("404", "HTTP/1.1 404 Not Found")]
    [InlineData("200 Gr\u00FC\u00DFe", "HTTP/1.1 200 OK")] // not of ASCII
    public async Task ReasonPhrase_OfTheOrigin_IsPassedOn(string status, string line)
    {
        await using var origin = RawOrigin.Answering($"HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        using var client = await RawConnection.OpenAsync(gateway.Address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal(line, (await client.ReadHeadAsync())!.Split("\r\n")[0]);
    }

    [Fact]
    public async Task Field_WithTheNameOfKestrels_IsPassedOn()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        await gateway.SendRawAsync("GET", "/", "X-Content-Length: 7");
        Assert.Equal(["7"], RawAnswer.FieldsOf(origin.Heads.Single(), "x-content-length"));
    }

    /// <summary>RFC 9113 §8.2.1: blanks at the ends of a value are malformed, and what they would become elsewhere is another value.</summary>
    [Theory]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("\t1")]
    [InlineData(" ")]
    public async Task Http2Field_WithBlanksAtItsEnds_IsRefused(string value)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true" }.StartAsync();
        using var client = await RawHttp2.OpenAsync(gateway.Address);
        await client.SendAsync(RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders | RawHttp2.EndStream, 1, RawHttp2.Get(("x-a", value))));
        Assert.NotNull(await client.ReadUntilAsync(RawHttp2.Headers, RawHttp2.RstStream));
        Assert.Empty(origin.Heads);
    }

    private const string Json = "{\"a\":\"xxxxxxxxxx\"}";

    /// <summary>A part of a body cannot be transformed, and a part of one does not go with the validator of another (RFC 9110 §8.8.1, §14.2).</summary>
    [Fact]
    public async Task Range_OfAResponseThatIsTransformed_IsNotAskedFor()
    {
        await using var origin = RawOrigin.Answering(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: \"v1\"\r\nAccept-Ranges: bytes\r\nTrailer: X-T\r\nContent-Length: "
                + $"{Json.Length}\r\n\r\n{Json}");
        var config = new ForwardingConfig(origin.Url).ToToml()
            .Replace("middleware = []", "middleware = { left = [], right = [\"t\"] }", StringComparison.Ordinal)
            + "\n[middleware.t]\ntype = \"transform\"\noptions.spec_path = \"t.json\"\n";
        await using var gateway =
            await TestGateway.StartAsync(config, new Dictionary<string, string> { ["t.json"] = "[{\"operation\":\"shift\",\"spec\":{\"a\":\"b\"}}]" });
        var answer = await gateway.SendRawAsync("GET", "/", "Range: bytes=0-4", "If-Range: \"v1\"", "If-None-Match: \"v0\"");
        Assert.Equal((200, "{\"b\":\"xxxxxxxxxx\"}"), (answer.Status, answer.Body));
        Assert.Equal(["W/\"v1\""], answer["etag"]);
        Assert.Empty(answer["accept-ranges"]);
        Assert.Empty(answer["trailer"]);
        Assert.Empty(RawAnswer.FieldsOf(origin.Heads.Single(), "range"));
        Assert.Empty(RawAnswer.FieldsOf(origin.Heads.Single(), "if-range"));
        Assert.Equal(["\"v0\""], RawAnswer.FieldsOf(origin.Heads.Single(), "if-none-match"));
    }
}
