using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

public class FieldTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Fact]
    public async Task RequestFields_OfEveryKind_ArriveOnceAndUnchanged()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        string[] fields =
        [
            "Accept: multipart/related; type=application/dicom", "Accept-Language: de, en;q=0.5", "User-Agent: strange (client) / 1,2;3",
            "Authorization: Bearer a.b.c",
            "If-Modified-Since: yesterday", "Range: bytes=0-1,5-", "Referer: not a url", "X-Empty:", "X-Quote: \"a, b\"", "From: <>", "Date: never",
            "Content-Type: text/strange; charset=\"x\"", "Content-Language: xx", "Expires: 0", "Last-Modified: -", "Cookie: a=1; b=\"2\"", "Warning: ?",
            "Prefer: return=minimal",
        ];
        Assert.Equal(200, (await gateway.SendRawAsync("GET", "/", fields)).Status);
        var head = origin.Heads.Single();
        foreach (var field in fields)
        {
            var (name, value) = (field[..field.IndexOf(':')], field[(field.IndexOf(':') + 1)..].Trim());
            Assert.Equal([value], RawAnswer.FieldsOf(head, name));
        }
    }

    [Fact]
    public async Task RequestFields_Repeated_ArriveInOrder()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        await gateway.SendRawAsync("GET", "/", "X-Many: 1", "Accept: a/b", "X-Many: 2", "X-Many: 3", "Accept: c/d", "Cookie: a=1", "Cookie: b=2");
        var head = origin.Heads.Single();
        Assert.Equal(["1", "2", "3"], RawAnswer.FieldsOf(head, "x-many"));
        Assert.Equal(["a/b", "c/d"], RawAnswer.FieldsOf(head, "accept"));
        Assert.Equal(["a=1; b=2"], RawAnswer.FieldsOf(head, "cookie")); // RFC 6265 §5.4
    }

    [Fact]
    public async Task ResponseFields_Repeated_StayApartAndInOrder()
    {
        await using var origin = RawOrigin.Answering(
            "HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Expires=Wed, 01 Jan 2031 00:00:00 GMT\r\nX-Many: 1\r\nSet-Cookie: b=2\r\nX-Many: 2\r\n"
            + "WWW-Authenticate: Basic realm=\"x\"\r\nWWW-Authenticate: Bearer\r\nLink: <a>\r\nLink: <b>\r\nSet-Cookie: a=3\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("GET", "/");
        Assert.Equal(["a=1; Expires=Wed, 01 Jan 2031 00:00:00 GMT", "b=2", "a=3"], answer["set-cookie"]);
        Assert.Equal(["1", "2"], answer["x-many"]);
        Assert.Equal(["Basic realm=\"x\"", "Bearer"], answer["www-authenticate"]);
        Assert.Equal(["<a>", "<b>"], answer["link"]);
    }

    [Fact]
    public async Task ResponseFields_OfEveryKind_ArriveOnceAndUnchanged()
    {
        string[] fields =
        [
            "Date: Mon, 01 Jan 2024 00:00:00 GMT", "Server: origin/1 (x)", "ETag: strange", "Last-Modified: -", "Expires: -1", "Content-Type: x",
            "Content-Language: de",
            "Content-Encoding: gzip", "Cache-Control: no-store, x=\"y\"", "Vary: *", "Retry-After: soon", "Location: //a/b", "Allow: GET, POST", "Age: old",
            "Content-Location: ::", "Content-Disposition: attachment; filename=\"a b\"", "Trailer: none", "Strict-Transport-Security: max-age=1",
            "Accept-Ranges: bytes",
        ];
        await using var origin = RawOrigin.Answering($"HTTP/1.1 200 OK\r\n{string.Concat(fields.Select(f => f + "\r\n"))}Content-Length: 2\r\n\r\nhi");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("GET", "/");
        foreach (var field in fields)
        {
            var (name, value) = (field[..field.IndexOf(':')], field[(field.IndexOf(':') + 1)..].Trim());
            Assert.Equal([value], answer[name]);
        }
    }

    [Fact]
    public async Task Latin1Bytes_BothWays_ArriveUnchanged()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nX-Name: J\u00FCrgen \u00FF\u0080\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync("GET", "/", "X-Name: Fran\u00E7ois \u00FF\u0080", "Content-Disposition: \u00E9");
        Assert.Equal(["J\u00FCrgen \u00FF\u0080"], answer["x-name"]);
        Assert.Equal(["Fran\u00E7ois \u00FF\u0080"], RawAnswer.FieldsOf(origin.Heads.Single(), "x-name"));
        Assert.Equal(["\u00E9"], RawAnswer.FieldsOf(origin.Heads.Single(), "content-disposition"));
    }

    [Theory]
    [InlineData("X-A: a\u0001b")]
    [InlineData("X-A: a\u007Fb")]
    public async Task ResponseField_WithControlCharacters_BreaksNothing(string field)
    {
        await using var origin = RawOrigin.Answering($"HTTP/1.1 200 OK\r\n{field}\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "max_retries = 0");
        var answer = await gateway.SendRawAsync("GET", "/");
        Assert.Equal(502, answer.Status);
    }

    [Fact]
    public async Task ResponseField_WithACarriageReturn_SplitsNothing()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nX-A: a\rSet-Cookie: b\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "max_retries = 0");
        var answer = await gateway.SendRawAsync("GET", "/");
        Assert.DoesNotContain('\r', answer.Head.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.Empty(answer["set-cookie"]);
    }

    [Fact]
    public async Task Host_ByDefault_IsTheTargets()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        await gateway.SendRawAsync("GET", "/");
        Assert.Equal([origin.Url.Authority], RawAnswer.FieldsOf(origin.Heads.Single(), "host"));
    }

    [Fact]
    public async Task Host_WithPreserveHost_IsTheClients()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url, "preserve_host = true");
        await gateway.SendRawAsync("GET", "/");
        Assert.Equal(["gateway.example"], RawAnswer.FieldsOf(origin.Heads.Single(), "host"));
    }

    [Fact]
    public async Task OwnFields_OfTheBackend_GoOverEverybodyElses()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(
            origin.Url, "preserve_host = true\nheaders = { X-Key = \"secret\", Host = \"own.example\", Content-Type = \"a/b\", X-Request-Id = \"own\", Via = "
                + "\"1.1 own\" }");
        await gateway.SendRawAsync("GET", "/", "X-Key: spoofed", "x-KEY: again", "Content-Type: c/d");
        var head = origin.Heads.Single();
        Assert.Equal(["secret"], RawAnswer.FieldsOf(head, "x-key"));
        Assert.Equal(["own.example"], RawAnswer.FieldsOf(head, "host"));
        Assert.Equal(["a/b"], RawAnswer.FieldsOf(head, "content-type"));
        Assert.Equal(["own"], RawAnswer.FieldsOf(head, "x-request-id"));
        Assert.Equal(["1.1 own"], RawAnswer.FieldsOf(head, "via"));
    }

    [Fact]
    public async Task AltSvc_OfTheOrigin_IsNotTheGateways()
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 200 OK\r\nAlt-Svc: h3=\":443\"\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        Assert.Empty((await gateway.SendRawAsync("GET", "/"))["alt-svc"]);
    }
}
