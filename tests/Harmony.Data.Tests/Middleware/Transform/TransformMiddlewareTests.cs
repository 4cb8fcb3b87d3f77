using System.Net;

namespace Harmony.Data.Tests.Middleware.Transform;

public class TransformMiddlewareTests
{
    private const string EnvelopeSpec = """[{"operation":"shift","spec":{"data":{"name":"data.full_name","*":"data.other.&"}}}]""";
    private const string BareSpec = """[{"operation":"shift","spec":{"name":"full_name","*":"other.&"}}]""";
    private const string Sent = """{"z":1.10,"name":"A\u00e9","a":12345678901234567890}""";
    private const string Made = """{"other":{"z":1.10,"a":12345678901234567890},"full_name":"Aé"}""";

    [Theory]
    [InlineData(EnvelopeSpec)]
    [InlineData(BareSpec)]
    public async Task Request_InEitherForm_ReachesTheOriginTransformed(string spec)
    {
        await using var rig = await TransformRig.StartAsync(spec);
        using var answer = await rig.PostAsync(Sent);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Sorted(Made), Sorted(rig.Only.Body));
        Assert.Equal("application/json", rig.Only.Headers["content-type"]);
    }

    [Fact]
    public async Task Alias_Jolt_IsTheSame()
    {
        await using var rig = await TransformRig.StartAsync(
            _ => "middleware = [\"t\"]\n[middleware.t]\ntype = \"jolt\"\nspec_path = \"spec.json\"", new() { ["transforms/spec.json"] = BareSpec });
        using var answer = await rig.PostAsync("""{"name":"A"}""");
        Assert.Equal("""{"full_name":"A"}""", rig.Only.Body);
    }

    [Theory]
    [InlineData("[\"t\"]", "", true, false)] // by default requests
    [InlineData("[\"t\"]", "apply = \"left\"", true, false)]
    [InlineData("[\"t\"]", "apply = \"right\"", false, true)]
    [InlineData("[\"t\"]", "apply = \"both\"", true, true)]
    [InlineData("{ left = [\"t\"] }", "", true, false)]
    [InlineData("{ right = [\"t\"] }", "", false, true)] // the list decides
    [InlineData("{ right = [\"t\"] }", "apply = \"left\"", false, true)]
    public async Task Apply_AndTheFormOfThePipeline_DecideTheSides(string chain, string options, bool left, bool right)
    {
        await using var rig = await TransformRig.StartAsync(BareSpec, options, answer: """{"name":"B"}""", chain: chain);
        using var answer = await rig.PostAsync("""{"name":"A"}""");
        Assert.Equal(left ? """{"full_name":"A"}""" : """{"name":"A"}""", rig.Only.Body);
        Assert.Equal(right ? """{"full_name":"B"}""" : """{"name":"B"}""", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("application/fhir+json; charset=utf-8", "application/fhir+json; charset=utf-8")]
    [InlineData("application/json", "application/json")]
    [InlineData(null, "application/json")]
    public async Task ContentType_OfJson_IsKept(string? sent, string expected)
    {
        await using var rig = await TransformRig.StartAsync(BareSpec);
        using var answer = await rig.PostAsync("\uFEFF" + """{"name":"A"}""", sent);
        Assert.Equal("""{"full_name":"A"}""", rig.Only.Body);
        Assert.Equal(expected, rig.Only.Headers["content-type"]);
    }

    /// <summary>Whatever a body is read from, its transformation is JSON, unless the spec asks for another form.</summary>
    [Theory]
    [InlineData("", "{\"n\":\"A\"}", "application/json")]
    [InlineData(""","#text/xml":"context.target_details.headers.content-type" """, "<n>A</n>", "text/xml; charset=utf-8")]
    [InlineData(""","#application/x-www-form-urlencoded":"context.target_details.headers.content-type" """, "n=A", "application/x-www-form-urlencoded")]
    public async Task Request_InXml_LeavesInTheFormTheSpecAsksFor(string asks, string body, string type)
    {
        await using var rig = await TransformRig.StartAsync($$$"""[{"operation":"shift","spec":{"data":{"p":{"name":"data.n"}}{{{asks}}}}}]""");
        using var answer = await rig.PostAsync("<p><name>A</name></p>", "text/xml");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.EndsWith(body, rig.Only.Body, StringComparison.Ordinal);
        Assert.Equal(type, rig.Only.Headers["content-type"]);
    }

    [Fact]
    public async Task Answer_OfBytes_HandedThroughComesOutAsBytes()
    {
        await using var rig = await TransformRig.StartAsync("""[{"operation":"shift","spec":{"*":"&"}}]""", "apply = \"right\"", "\u0001bytes",
            r => r.ContentType = "application/pdf");
        using var answer = await rig.SendAsync("GET", "/");
        Assert.Equal(("\u0001bytes", "application/pdf"), (await answer.Content.ReadAsStringAsync(), $"{answer.Content.Headers.ContentType}"));
    }

    /// <summary>An earlier step's result is what the next one is given.</summary>
    [Fact]
    public async Task Several_InOneChain_WorkOnEachOthersResults()
    {
        const string pipeline = """
            middleware = ["a", "b", "a"]
            [middleware.a]
            type = "transform"
            spec_path = "a.json"
            [middleware.b]
            type = "transform"
            spec_path = "b.json"
            """;
        await using var rig = await TransformRig.StartAsync(_ => pipeline, new()
        {
            ["transforms/a.json"] = """[{"operation":"shift","spec":{"*":"x.&"}}]""",
            ["transforms/b.json"] = """[{"operation":"shift","spec":{"data":{"x":"data"}}}]""",
        });
        using var answer = await rig.PostAsync("""{"n":1}""");
        Assert.Equal("""{"x":{"n":1}}""", rig.Only.Body);
    }

    [Theory]
    [InlineData("GET", """[{"operation":"default","spec":{"added":1}}]""", "")]
    [InlineData("GET", """[{"operation":"shift","spec":{"data":"data"}},{"operation":"default","spec":{"data":{"added":1}}}]""", "")]
    [InlineData("GET", """[{"operation":"shift","spec":{"context":{"request_details":{"method":"data.was"}}}}]""", """{"was":"GET"}""")]
    [InlineData("POST", """[{"operation":"default","spec":{"added":1}}]""", "")]
    public async Task Request_WithoutBody_IsTransformedOnlyWhereTheContextIsRead(string method, string spec, string expected)
    {
        await using var rig = await TransformRig.StartAsync(spec);
        using var answer = await rig.SendAsync(method, "/");
        Assert.Equal(expected, rig.Only.Body);
    }

    [Theory]
    [InlineData("""[{"operation":"shift","spec":{"data":{"name":"who"}}}]""", """{"who":"A"}""")] // no data in the output: it is the body
    [InlineData("""[{"operation":"shift","spec":{"data":{"name":["who","data.name"]}}}]""", """{"name":"A"}""")] // data wins
    // only context: the body stays
    [InlineData("""[{"operation":"shift","spec":{"data":{"name":"context.request_details.metadata.n"}}}]""", """{"name":"A"}""")]
    [InlineData("""[{"operation":"shift","spec":{"data":{"nothing":"x"}}}]""", "null")]
    public async Task Output_OfTheEnvelopeForm_BecomesTheBodyByItsMembers(string spec, string expected)
    {
        await using var rig = await TransformRig.StartAsync(spec);
        using var answer = await rig.PostAsync("""{"name":"A"}""");
        Assert.Equal(expected, rig.Only.Body);
    }

    [Fact]
    public async Task Context_IsWhatTheRequestIs()
    {
        const string spec = """[{"operation":"shift","spec":{"context":"data.seen"}}]""";
        await using var rig = await TransformRig.StartAsync(
            _ => "middleware = [\"t\"]\n[middleware.t]\ntype = \"transform\"\nspec_path = \"spec.json\"", new() { ["transforms/spec.json"] = spec },
            prefix: "/api");
        using var answer =
            await rig.SendAsync("PUT", "/api/a%20b?q=1&q=2&r=%C3%A9", "{}", headers: [("X-One", "1"), ("X-Two", "2"), ("X-Two", "3"), ("Cookie", "c=d; e=f")]);
        var seen = System.Text.Json.Nodes.JsonNode.Parse(rig.Only.Body)!["seen"]!;
        Assert.Equal(["request_details", "target_details"], seen.AsObject().Select(m => m.Key));
        foreach (var details in seen.AsObject().Select(m => m.Value!))
        {
            Assert.Equal("PUT", (string?)details["method"]);
            Assert.Equal("2, 3", (string?)details["headers"]!["x-two"]);
            Assert.Equal("f", (string?)details["cookies"]!["e"]);
            Assert.Equal("""{"q":["1","2"],"r":["é"]}""",
                details["query_params"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
            Assert.Equal("a%20b", (string?)details["metadata"]!["path"]);
        }

        Assert.Equal("/api/a%20b?q=1&q=2&r=%C3%A9", (string?)seen["request_details"]!["uri"]);
        Assert.Equal("a%20b", (string?)seen["target_details"]!["uri"]);
    }

    /// <summary>In the bare form too, a modify can refer to the context.</summary>
    [Fact]
    public async Task ContextDocument_OfAModify_IsTheContext()
    {
        await using var rig = await TransformRig.StartAsync("""[{"operation":"modify-overwrite-beta","spec":{"via":"^request_details.metadata.path"}}]""");
        using var answer = await rig.SendAsync("POST", "/in", """{"a":1}""");
        Assert.Equal("""{"a":1,"via":"in"}""", rig.Only.Body);
    }

    [Fact]
    public async Task Response_StatusHeadersAndMetadata_AreTheSpecs()
    {
        const string spec = """
            [{"operation":"shift","spec":{
                "data":"data.was",
                "context":{"response_details":{"status":"data.status","headers":{"x-origin":"context.response_details.headers.x-copy"}}},
                "#201":"context.response_details.status",
                "#a=1":"context.response_details.headers.set-cookie[]",
                "#b=2":"context.response_details.headers.set-cookie[]"}}]
            """;
        await using var rig = await TransformRig.StartAsync(spec, "apply = \"right\"", """{"n":1}""", r => r.Headers["x-origin"] = "o");
        using var answer = await rig.SendAsync("GET", "/");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("""{"was":{"n":1},"status":200}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("o", Assert.Single(answer.Headers.GetValues("x-copy")));
        Assert.Equal("o", Assert.Single(answer.Headers.GetValues("x-origin")));
        Assert.Equal(["a=1", "b=2"], answer.Headers.GetValues("set-cookie"));
    }

    /// <summary>A client that takes gzip must not make the origin send what the transformation cannot read.</summary>
    [Fact]
    public async Task Response_ToBeTransformed_IsAskedForWithoutContentCoding()
    {
        await using var rig = await TransformRig.StartAsync(BareSpec, "apply = \"right\"", """{"name":"B"}""");
        using var answer = await rig.SendAsync("GET", "/", headers: ("accept-encoding", "gzip, br"));
        Assert.Equal("identity", rig.Only.Headers["accept-encoding"]);
        Assert.Equal("""{"full_name":"B"}""", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("HEAD", 200)]
    [InlineData("GET", 204)]
    [InlineData("GET", 304)]
    public async Task Response_WithoutBody_StaysWithoutOne(string method, int status)
    {
        await using var rig = await TransformRig.StartAsync(BareSpec, "apply = \"right\"", answers: r => r.StatusCode = status);
        using var answer = await rig.SendAsync(method, "/");
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        Assert.False(rig.Gateway.Log.Has(2005));
    }

    [Fact]
    public async Task SkipBackends_SetByASpec_AnswersFromItsResponse()
    {
        const string spec = """
            [{"operation":"shift","spec":{
                "data":{"name":"data.response.body.hello"},
                "#202":"data.response.status",
                "#yes":"data.response.headers.x-made",
                "#true":"context.request_details.metadata.skip_backends"}}]
            """;
        await using var rig = await TransformRig.StartAsync(spec);
        using var answer = await rig.PostAsync("""{"name":"A"}""");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("""{"hello":"A"}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("yes", Assert.Single(answer.Headers.GetValues("x-made")));
        Assert.Empty(rig.Arrived);
    }

    /// <summary>Without a step that looks at bodies, bytes are bytes, whatever they are called.</summary>
    [Theory]
    [InlineData("text/html", "<p>é")]
    [InlineData("application/json", "{ \"a\" : 1 , ")]
    [InlineData("application/octet-stream", "\u0001\u0002")]
    public async Task Pipeline_WithoutTransform_PassesBytes(string type, string body)
    {
        await using var rig = await TransformRig.StartAsync(BareSpec, "apply = \"right\"", chain: "[]");
        using var answer = await rig.PostAsync(body, type);
        Assert.Equal((body, type), (rig.Only.Body, rig.Only.Headers["content-type"]));
    }

    private static string Sorted(string json) => string.Concat(json.Order());
}
