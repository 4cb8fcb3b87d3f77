using Harmony.Testing;

namespace Harmony.Http.Tests.Adapters.Http;

public class HopLimitTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /// <summary>RFC 9110 §7.6.3: <c>Via</c> is there to find loops.</summary>
    [Fact]
    public async Task Gateway_ThatIsItsOwnBackend_AnswersWith508AtOnce()
    {
        await using var placeholder = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(placeholder.Url);
        await gateway.ReloadAsync(new ForwardingConfig(gateway.Url) { Retries = true }.ToToml());
        Assert.Equal(508, (await gateway.SendRawAsync("GET", "/x")).Status);
        Assert.Contains("'forward'", (await gateway.Log.FirstAsync(2008)).Message, StringComparison.Ordinal);
        Assert.Single(gateway.Log.Lines, l => l.EventId == 2008);
    }

    [Fact]
    public async Task TwoGateways_ThatAreEachOthersBackends_AnswerWith508()
    {
        await using var placeholder = RawOrigin.Answering(Ok);
        await using var first = await TestGateway.StartAsync(new ForwardingConfig(placeholder.Url).ToToml());
        await using var second = await TestGateway.StartAsync(new ForwardingConfig(first.Url).ToToml().Replace("forward", "other", StringComparison.Ordinal));
        await first.ReloadAsync(new ForwardingConfig(second.Url).ToToml());
        Assert.Equal(508, (await first.SendRawAsync("GET", "/x")).Status);
    }

    [Fact]
    public async Task Pipelines_InARow_AreNoLoop()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var inner = await TestGateway.StartAsync(new ForwardingConfig(origin.Url).ToToml().Replace("forward", "inner", StringComparison.Ordinal));
        await using var outer = await TestGateway.ForwardingAsync(inner.Url);
        Assert.Equal(200, (await outer.SendRawAsync("GET", "/", "Via: 1.1 harmony, 1.0 harmony-00000000 (proxy), HTTP/2 fred:80")).Status);
        Assert.Matches("^1.1 harmony, 1.0 harmony-00000000 \\(proxy\\), HTTP/2 fred:80, 1.1 harmony-[0-9a-f]{8}, 1.1 harmony-[0-9a-f]{8}$",
            Seen(origin, "via"));
    }

    [Theory]
    [InlineData("OPTIONS", "0", 200)]
    [InlineData("TRACE", "0", 405)]
    public async Task MaxForwards_OfZero_EndsHere(string method, string value, int status)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        var answer = await gateway.SendRawAsync(method, "/", $"Max-Forwards: {value}");
        Assert.Equal(status, answer.Status);
        Assert.Single(answer["allow"]);
        Assert.Empty(origin.Heads);
    }

    [Theory]
    [InlineData("OPTIONS", "1", "0")]
    [InlineData("TRACE", "10", "9")]
    [InlineData("OPTIONS", "many", "many")]
    [InlineData("GET", "0", "0")] // of other methods it says nothing
    [InlineData("GET", "3", "3")]
    public async Task MaxForwards_AboveZero_IsCountedDown(string method, string value, string passed)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        Assert.Equal(200, (await gateway.SendRawAsync(method, "/", $"Max-Forwards: {value}")).Status);
        Assert.Equal(passed, Seen(origin, "max-forwards"));
    }

    [Fact]
    public async Task Options_OfTheGatewayAsAWhole_IsAnsweredHere()
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await TestGateway.ForwardingAsync(origin.Url);
        Assert.Equal(200, (await gateway.SendRawAsync("OPTIONS", "*")).Status);
        Assert.Empty(origin.Heads);
    }

    /// <summary>RFC 9112 §3.2.2: of a target in absolute-form the Host field is ignored.</summary>
    [Theory]
    [InlineData("http://other.test/p?q", "other.test")]
    [InlineData("http://gateway.example:81/p?q", "gateway.example:81")]
    public async Task AbsoluteForm_SaysTheHost_WhateverTheFieldSays(string target, string host)
    {
        await using var origin = RawOrigin.Answering(Ok);
        await using var gateway = await new ForwardingConfig(origin.Url) { Backend = "preserve_host = true" }.StartAsync();
        Assert.Equal(200, (await gateway.SendRawAsync("GET", target)).Status);
        Assert.StartsWith("GET /p?q HTTP/1.1", origin.Heads.Single());
        Assert.Equal(host, Seen(origin, "host"));
        Assert.Equal(host, Seen(origin, "x-forwarded-host"));
    }

    private static string Seen(RawOrigin origin, string field) => RawAnswer.FieldsOf(origin.Heads.Single(), field).Single();
}
