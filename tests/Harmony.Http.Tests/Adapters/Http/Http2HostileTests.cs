using System.Buffers.Binary;
using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

/// <summary>Threat: HTTP/2 rapid reset (CVE-2023-44487) and CONTINUATION flood: the connection is closed, others are served.</summary>
public class Http2HostileTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Fact]
    public async Task RapidReset_InALoop_EndsTheConnectionAndServesOthers()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true" }.StartAsync();
        using var hostile = await RawHttp2.OpenAsync(gateway.Address);
        var flooding = FloodAsync(hostile);
        using var client = TestClient.Http2(gateway.Url);
        for (var i = 0; i < 20; i++) Assert.Equal("ok", await client.GetStringAsync("/"));
        await hostile.ReadUntilAsync(RawHttp2.GoAway).Guarded();
        await flooding.Guarded();
        Assert.Equal("ok", await client.GetStringAsync("/"));
        Assert.DoesNotContain(gateway.Log.Lines, l => l.EventId == 2007);
    }

    [Fact]
    public async Task Continuation_WithoutEnd_EndsTheConnection()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true" }.StartAsync();
        using var hostile = await RawHttp2.OpenAsync(gateway.Address);
        await hostile.SendAsync(RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndStream, 1, RawHttp2.Get()));
        var more = RawHttp2.Frame(RawHttp2.Continuation, 0, 1, RawHttp2.Get(("x-a", new string('a', 120))).AsSpan(6));
        try
        {
            for (var i = 0; i < 10_000; i++) await hostile.SendAsync(more);
        }
        catch (IOException)
        {
            // Closed, as it should be.
        }

        await hostile.ReadUntilAsync(RawHttp2.GoAway).Guarded();
        Assert.Empty(origin.Heads);
    }

    [Theory]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("connection", "close")]
    [InlineData("X-Upper", "1")]
    [InlineData("content-length", "5")]
    [InlineData("x-a", "a\r\nx-b: c")]
    [InlineData("x-a", "a\0b")]
    [InlineData("x-a: b\r\nx-c", "d")]
    [InlineData("te", "gzip")]
    public async Task Field_ThatHttp2Forbids_GoesNoFurther(string name, string value)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true" }.StartAsync();
        using var hostile = await RawHttp2.OpenAsync(gateway.Address);
        await hostile.SendAsync(RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders | RawHttp2.EndStream, 1, RawHttp2.Get((name, value))));
        const byte Indexed400 = 0x8C;
        // Reset of the stream, end of the connection, or 400.
        var answer = await hostile.ReadUntilAsync(RawHttp2.RstStream, RawHttp2.Headers).Guarded();
        Assert.True(answer is null || answer[0] == Indexed400 || BinaryPrimitives.ReadInt32BigEndian(answer) is > 0 and < 14);
        Assert.Empty(origin.Heads);
    }

    [Theory]
    [InlineData("CONNECT", "/", "h2c")] // requests in the tunnel would pass by routes and middleware
    [InlineData("CONNECT", "/", "websocket, H2C")]
    [InlineData("CONNECT", "/", "HTTP/2.0")]
    [InlineData("CONNECT", "/", "tls/1.0")]
    [InlineData("GET", "/?name=J\u00FCrgen", null)]
    [InlineData("GET", "/?a=\u00C3\u00A9", null)]
    public async Task Request_ThatHttp1WouldRefuse_Is400(string method, string path, string? protocol)
    {
        await using var origin = RawOrigin.Answering("HTTP/1.1 101 Fine\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true" }.StartAsync();
        using var client = await RawHttp2.OpenAsync(gateway.Address);
        (string, string)[] fields = protocol is null ? [] : [(":protocol", protocol)];
        var flags = (byte)(protocol is null ? RawHttp2.EndHeaders | RawHttp2.EndStream : RawHttp2.EndHeaders);
        await client.SendAsync(RawHttp2.Frame(RawHttp2.Headers, flags, 1, RawHttp2.Request(method, path, fields)));
        const byte Indexed400 = 0x8C;
        Assert.Equal(Indexed400, (await client.ReadUntilAsync(RawHttp2.RstStream, RawHttp2.Headers).Guarded())![0]);
        Assert.Empty(origin.Heads);
    }

    [Fact]
    public async Task PseudoFields_OfAnotherHost_AreOneHostToTheOrigin()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Tcp = "h2c = true", Backend = "preserve_host = true" }.StartAsync();
        using var client = await RawHttp2.OpenAsync(gateway.Address);
        await client.SendAsync(RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders | RawHttp2.EndStream, 1, RawHttp2.Get(("host", "other"))));
        await client.ReadUntilAsync(RawHttp2.Data).Guarded();
        Assert.Equal(["h"], RawAnswer.FieldsOf(origin.Heads.Single(), "host"));
    }

    private static async Task FloodAsync(RawHttp2 hostile)
    {
        var cancel = new byte[] { 0, 0, 0, 8 };
        try
        {
            for (var stream = 1; stream < 200_000; stream += 2)
            {
                byte[] pair = [.. RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders | RawHttp2.EndStream, stream, RawHttp2.Get()),
                    .. RawHttp2.Frame(RawHttp2.RstStream, 0, stream, cancel)];
                await hostile.SendAsync(pair);
            }
        }
        catch (IOException)
        {
            // Closed, as it should be.
        }
    }
}
