using System.Text;
using Harmony.Http.Services.Http.Forwarding.Http1;

namespace Harmony.Http.Tests.Services.Http.Forwarding.Http1;

public class ResponseHeadTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", 200, null, false, true)]
    [InlineData("HTTP/1.1 200\r\n\r\n", 200, null, false, true)]
    [InlineData("HTTP/1.1 200 \r\n\r\n", 200, null, false, true)]
    [InlineData("HTTP/1.1 599 W\u00E4re\tschlecht\n\n", 599, null, false, true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, 5L, false, true)]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length:5\r\nConnection: close\r\n\r\n", 200, 5L, false, false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\nContent-Length: 5\r\n\r\n", 200, 5L, false, true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", 200, null, true, true)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: x, Close\r\nTransfer-Encoding: CHUNKED\r\n\r\n", 200, null, true, false)]
    [InlineData("HTTP/1.0 200 OK\r\n\r\n", 200, null, false, false)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", 200, 0L, false, true)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n", 200, null, true, false)]
    [InlineData("HTTP/1.5 200 OK\r\n\r\n", 200, null, false, true)]
    public void Head_ThatIsOne_IsUnderstood(string text, int status, long? length, bool isChunked, bool isKeptAlive)
    {
        var bytes = Encoding.Latin1.GetBytes(text + "behind");
        var head = ResponseHead.TryRead(bytes, new FieldStrings(), out var consumed);
        Assert.NotNull(head);
        Assert.Equal((status, length, isChunked, isKeptAlive), (head.Status, head.ContentLength, head.IsChunked, head.IsKeptAlive));
        Assert.Equal(text.Length, consumed);
        for (var i = 0; i < text.Length; i++) Assert.Null(ResponseHead.TryRead(bytes.AsSpan(0, i), new FieldStrings(), out _));
    }

    [Theory]
    [InlineData("\r\n\r\n")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 099 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 +20 OK\r\n\r\n")]
    [InlineData("HTTP/1.1  200 OK\r\n\r\n")]
    [InlineData("HTTP/2.0 200 OK\r\n\r\n")]
    [InlineData("http/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.x 200 OK\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n: no name\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA name: x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nName : x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n X: folded into nothing\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n")]
    public void Head_ThatIsNone_IsRefusedWithoutQuotingIt(string text)
    {
        var e = Assert.Throws<HttpRequestException>(() => ResponseHead.TryRead(Encoding.Latin1.GetBytes(text), new FieldStrings(), out _));
        Assert.Equal(HttpRequestError.InvalidResponse, e.HttpRequestError);
        Assert.DoesNotContain("99999", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_OfTheConnection_AreNotForTheClient()
    {
        var head = Read("HTTP/1.1 200 OK\r\nConnection: x-hop, Keep-Alive\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nAlt-Svc: h3\r\nProxy-Authenticate: "
            + "x\r\nX-A:  1 \r\nX-A:\r\nX-B: a\r\n b\r\n\t c\r\n\r\n");
        Assert.Equal(["X-A=1", "X-A=", "X-B=a b c"], head.Fields.Select(f => $"{f.Name}={f.Value}"));
    }

    [Fact]
    public void Strings_ThatComeAgain_AreNotMadeAgain()
    {
        var strings = new FieldStrings();
        var bytes = Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\r\nServer: x\r\nX-Name: J\u00FCrgen\r\n\r\n");
        var first = ResponseHead.TryRead(bytes, strings, out _)!.Fields;
        var second = ResponseHead.TryRead(bytes, strings, out _)!.Fields;
        Assert.Same(first["server"], second["server"]);
        Assert.Equal("J\u00FCrgen", second["x-name"]);
        Assert.Equal("y", ResponseHead.TryRead("HTTP/1.1 200 OK\r\nServer: y\r\n\r\n"u8, strings, out _)!.Fields["server"]);
    }

    private static ResponseHead Read(string text) => ResponseHead.TryRead(Encoding.Latin1.GetBytes(text), new FieldStrings(), out _)!;
}
