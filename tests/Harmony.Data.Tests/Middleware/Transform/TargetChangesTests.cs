using System.Net;
using System.Text.Json;
using Harmony.Testing;

namespace Harmony.Data.Tests.Middleware.Transform;

/// <summary>What a spec may say of the way a request takes.</summary>
public class TargetChangesTests
{
    /// <summary>Sets members of target details to what the body holds.</summary>
    private const string FromBody = """[{"operation":"shift","spec":{"data":{"target":"context.target_details","body":"data"}}}]""";

    [Theory]
    [InlineData("""{"method":"PATCH"}""", "PATCH", "/a/b?q=1")]
    [InlineData("""{"uri":"c/d"}""", "POST", "/c/d?q=1")]
    [InlineData("""{"uri":"/c d/é"}""", "POST", "/c%20d/%C3%A9?q=1")]
    [InlineData("""{"uri":"c?x=y z#"}""", "POST", "/c?x=y%20z%23")]
    [InlineData("""{"uri":"c?"}""", "POST", "/c")]
    [InlineData("""{"query_params":{"x":["1","2"],"y&":"ü","z":3}}""", "POST", "/a/b?x=1&x=2&y%26=%C3%BC&z=3")]
    [InlineData("""{"query_params":{"q":["1"]}}""", "POST", "/a/b?q=1")]
    [InlineData("""{"query_params":{}}""", "POST", "/a/b")]
    [InlineData("""{"metadata":{"dimse_op":"find"}}""", "POST", "/a/b?q=1")]
    [InlineData("""{"method":null,"uri":7,"query_params":"no","headers":[],"unknown":{}}""", "POST", "/a/b?q=1")]
    public async Task TargetDetails_InPart_ChangeThatPartAlone(string target, string method, string expected)
    {
        await using var rig = await TransformRig.StartAsync(FromBody);
        using var answer = await SendAsync(rig, target);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((method, expected, "7"), (rig.Only.Method, rig.Only.Target, rig.Only.Body));
        Assert.Equal(("kept", "a=b"), (rig.Only.Headers["x-kept"], rig.Only.Headers["cookie"]));
    }

    [Fact]
    public async Task TargetDetails_HeadersAndCookies_AreSetOverTheClients()
    {
        await using var rig = await TransformRig.StartAsync(FromBody);
        using var answer = await SendAsync(rig, """{"headers":{"X-Kept":"new","x-n":5,"accept":["a/b","c/d"],"content-length":"0"},"cookies":{"c":"d"}}""");
        var seen = rig.Only.Headers;
        Assert.Equal(
            ("new", "5", "a/b,c/d", "a=b; c=d"), (seen["x-kept"], seen["x-n"], seen["accept"].Replace(" ", "", StringComparison.Ordinal), seen["cookie"]));
        Assert.Equal("7", rig.Only.Body);
    }

    /// <summary>A spec that hands everything through changes nothing: no field of the client's connection becomes one of ours.</summary>
    [Fact]
    public async Task Context_HandedThrough_ChangesNothing()
    {
        await using var rig = await TransformRig.StartAsync("""[{"operation":"shift","spec":{"*":"&"}}]""", "input = \"envelope\"");
        using var answer = await SendAsync(rig, "{}");
        Assert.Equal(("POST", "/a/b?q=1"), (rig.Only.Method, rig.Only.Target));
        Assert.NotEqual("client.example", rig.Only.Headers["host"]);
    }

    /// <summary>Parts of a target may come from a body, so nothing breaks out of where the spec put it.</summary>
    [Theory]
    [InlineData("""{"uri":"a/../b"}""")]
    [InlineData("""{"uri":"a/%2e%2E/b"}""")]
    [InlineData("""{"uri":"..;x/b"}""")]
    [InlineData("""{"uri":"a%2fb"}""")]
    [InlineData("""{"uri":"a\\b"}""")]
    [InlineData("""{"uri":"a%00"}""")]
    [InlineData("""{"uri":"http://evil.example/"}""")]
    [InlineData("""{"method":"GET /x HTTP/1.1\r\nX-Injected: 1\r\n"}""")]
    [InlineData("""{"headers":{"x-a":"1\r\nX-Injected: 1"}}""")]
    [InlineData("""{"headers":{"x-a\r\nX-Injected":"1"}}""")]
    [InlineData("""{"headers":{"x-a":"Müller"}}""")]
    [InlineData("""{"cookies":{"a":"b; injected=1"}}""")]
    [InlineData("""{"base_url":"file:///etc/passwd"}""")]
    [InlineData("""{"base_url":"http://user:secret@127.0.0.1/"}""")]
    [InlineData("""{"base_url":"http://127.0.0.1/?x"}""")]
    [InlineData("""{"base_url":"/elsewhere"}""")]
    public async Task TargetDetails_ThatCannotBeSent_FailTheRequest(string target)
    {
        await using var rig = await TransformRig.StartAsync(FromBody);
        using var answer = await SendAsync(rig, target);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Empty(rig.Arrived);
    }

    /// <summary>Threat: HAPI CVE-2026-34359: credentials are for the origin they were given for, and for no other.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BaseUrl_OfAnotherOrigin_GetsTheRequestWithoutCredentials(bool elsewhere)
    {
        var seen = new System.Collections.Concurrent.ConcurrentQueue<Arrived>();
        await using var other = await KestrelOrigin.StartAsync(async context => seen.Enqueue(await Arrived.ReadAsync(context.Request)));
        await using var rig = await TransformRig.StartAsync(
            _ => """
                middleware = ["t"]
                [middleware.t]
                type = "transform"
                spec_path = "spec.json"
                [authentications.key]
                method = "bearer"
                options.token = "of-the-target"
                """,
            new() { ["transforms/spec.json"] = FromBody }, backend: "authentication = \"key\"");
        using var answer = await SendAsync(rig, elsewhere ? $$"""{"base_url":"{{other.Url}}","uri":"x"}""" : """{"uri":"x"}""");
        var arrived = elsewhere ? Assert.Single(seen) : rig.Only;
        Assert.Equal("/x?q=1", arrived.Target);
        Assert.Equal(!elsewhere, arrived.Headers.ContainsKey("authorization"));
        Assert.Equal(!elsewhere, arrived.Headers.ContainsKey("x-own"));
    }

    [Fact]
    public async Task BaseUrl_WithAPathOrWithout_IsPutInFront()
    {
        await using var rig = await TransformRig.StartAsync(FromBody);
        using var answer = await SendAsync(rig, JsonSerializer.Serialize(new { base_url = $"http://127.0.0.1:{await PortOfAsync(rig)}/base/" }));
        Assert.Equal("/base/a/b?q=1", rig.Arrived.Last().Target);
    }

    private static async Task<int> PortOfAsync(TransformRig rig)
    {
        using var answer = await rig.SendAsync("GET", "/", "{}");
        return int.Parse(rig.Arrived.First().Headers["host"].Split(':')[1]);
    }

    private static Task<HttpResponseMessage> SendAsync(TransformRig rig, string target)
        => rig.SendAsync("POST", "/a/b?q=1", $$"""{"target":{{target}},"body":7}""",
            headers: [("X-Kept", "kept"), ("Cookie", "a=b"), ("Authorization", "Bearer of-the-client")]);
}
