using System.Text;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Tests.Fakes;

namespace Harmony.Core.Tests.Envelope;

public class BodyJsonTests
{
    [Fact]
    public async Task ReadJson_Twice_ParsesOnce()
    {
        var body = Of("""{"a":1}""");
        var first = await body.ReadJsonAsync(100, default);
        Assert.Same(first, await body.ReadJsonAsync(100, default));
        Assert.False(body.IsReplaced);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    public async Task ReadJson_NothingOrNull_IsNull(string text) => Assert.Null(await Of(text).ReadJsonAsync(100, default));

    [Fact]
    public async Task ReadJson_ByteOrderMark_IsIgnored() => Assert.Equal("1", (await Of("\uFEFF1").ReadJsonAsync(100, default))!.ToJsonString());

    [Theory]
    [InlineData("{", "the body is not JSON: line 1, byte 2")]
    [InlineData("{\n  \"a\": x}", "the body is not JSON: line 2, byte 8")]
    [InlineData(" ", "the body is not JSON: line 1, byte 2")]
    [InlineData("{} {}", "the body is not JSON: line 1, byte 4")]
    [InlineData("// no\n1", "the body is not JSON: line 1, byte 1")]
    [InlineData("""{"a":1,"a":2}""", "the body is not JSON: an object has two members with the same name")]
    [InlineData("""{"b":{"a":1,"a":2}}""", "the body is not JSON: an object has two members with the same name")]
    [InlineData("""["\ud800"]""", "the body is not JSON: a string contains half of a surrogate pair")]
    [InlineData("""{"\uDC00":1}""", "the body is not JSON: a string contains half of a surrogate pair")]
    public async Task ReadJson_Malformed_IsTheClientsFaultAndSaysWhere(string text, string message)
    {
        var fault = await Assert.ThrowsAsync<GatewayException>(async () => await Of(text).ReadJsonAsync(100, default));
        Assert.Equal((FaultSource.Client, FaultKind.Malformed), (fault.FaultSource, fault.Kind));
        Assert.Equal(message, fault.Message);
    }

    [Fact]
    public async Task ReadJson_NotUtf8_IsMalformed()
    {
        var body = Body.FromBytes(new byte[] { (byte)'"', 0xC3, 0x28, (byte)'"' });
        Assert.Equal(
            "the body is not JSON: it is not UTF-8", (await Assert.ThrowsAsync<GatewayException>(async () => await body.ReadJsonAsync(100, default))).Message);
    }

    [Fact]
    public async Task ReadJson_PairOfSurrogates_IsGood()
        => Assert.Equal("😀", (await Of("\"\\ud83d\\ude00\"").ReadJsonAsync(100, default))!.GetValue<string>());

    [Theory]
    [InlineData(Body.MaxJsonDepth, true)]
    [InlineData(Body.MaxJsonDepth + 1, false)]
    [InlineData(100_000, false)]
    public async Task ReadJson_Nested_IsLimited(int depth, bool good)
    {
        var body = Of(new string('[', depth) + new string(']', depth));
        if (good) Assert.NotNull(await body.ReadJsonAsync(1_000_000, default));
        else Assert.Equal(FaultKind.Malformed, (await Assert.ThrowsAsync<GatewayException>(async () => await body.ReadJsonAsync(1_000_000, default))).Kind);
    }

    [Fact]
    public async Task ReadJson_FailedOnce_FailsTheSameWayAgain()
    {
        var body = Body.FromStream(new ChunkStream("{"u8.ToArray()), 1);
        var first = await Assert.ThrowsAsync<GatewayException>(async () => await body.ReadJsonAsync(100, default));
        var second = await Assert.ThrowsAsync<GatewayException>(async () => await body.ReadJsonAsync(100, default));
        Assert.Equal(first.Message, second.Message);
        Assert.Equal("{"u8.ToArray(), body.BufferedBytes.ToArray());
    }

    [Fact]
    public async Task ReadJson_OfAnAnswer_BlamesTheBackend()
    {
        var response = new ResponseEnvelope(Requests.Get(), 200) { Body = Of("<html>") };
        var malformed = await Assert.ThrowsAsync<GatewayException>(async () => await response.Body.ReadJsonAsync(100, default));
        Assert.Equal((FaultSource.Backend, FaultKind.Protocol), (malformed.FaultSource, malformed.Kind));

        response = new ResponseEnvelope(Requests.Get(), 200) { Body = Body.FromStream(new ChunkStream(new byte[11]), null) };
        var tooLarge = await Assert.ThrowsAsync<GatewayException>(async () => await response.Body.ReadBytesAsync(10, default));
        Assert.Equal((FaultSource.Backend, FaultKind.Protocol), (tooLarge.FaultSource, tooLarge.Kind));
    }

    [Fact]
    public async Task Replace_WithJson_IsSerialisedWhenNeeded()
    {
        var body = Of("{}");
        var json = new JsonObject { ["name"] = "Müller & Söhne <+>", ["n"] = 1 };
        body.Replace(json);
        Assert.True(body.IsReplaced);
        Assert.False(body.IsEmpty);
        Assert.Null(body.Length);
        Assert.Same(json, await body.ReadJsonAsync(100, default));
        Assert.Equal("""{"name":"Müller & Söhne <+>","n":1}""", Encoding.UTF8.GetString((await body.ReadBytesAsync(1, default)).Span));
        Assert.Equal(body.BufferedBytes.Length, body.Length);
    }

    [Fact]
    public void Replace_WithNull_IsTheJsonValueNull()
    {
        var body = Body.Empty();
        body.Replace((JsonNode?)null);
        Assert.Equal("null"u8.ToArray(), body.BufferedBytes.ToArray());
    }

    [Fact]
    public void Replace_WithDeepJson_IsSerialised()
    {
        JsonNode node = 1;
        for (var i = 0; i < 500; i++) node = new JsonArray(node);
        var body = Body.Empty();
        body.Replace(node);
        Assert.Equal(1001, body.BufferedBytes.Length);
    }

    private static Body Of(string text) => Body.FromBytes(Encoding.UTF8.GetBytes(text));
}
