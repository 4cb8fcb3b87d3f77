using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Testing;
using Microsoft.AspNetCore.Http;

namespace Harmony.Data.Tests.Middleware.Schema;

public sealed class SchemaMiddlewareTests
{
    private const string Order = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "required": ["patient"],
          "properties": { "patient": { "$ref": "patient.json" }, "note": { "type": "string", "maxLength": 5 } },
          "additionalProperties": false
        }
        """;

    private const string Patient = """{ "type": "object", "properties": { "id": { "type": "integer", "minimum": 1 } } }""";

    [Fact]
    public async Task Request_DoesNotFit_422WithPlacesAndNoValues()
    {
        await using var origin = await OriginAsync();
        await using var gateway = await StartAsync(origin);
        using var client = TestClient.Http1(gateway.Url);
        using var answer = await client.PostAsync("/", Json("""{"patient":{"id":0},"note":"SECRET","Müller":1}"""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("SECRET", text, StringComparison.Ordinal);
        var errors = JsonNode.Parse(text)!["errors"]!.AsArray();
        Assert.Equal(
            [("/patient/id", "/properties/patient/$ref/properties/id/minimum"), ("/note", "/properties/note/maxLength"), ("/Müller", "/additionalProperties")],
            errors.Select(e => (e!["instanceLocation"]!.GetValue<string>(), e["keywordLocation"]!.GetValue<string>())));
        Assert.Equal("patient.json#/properties/id/minimum", errors[0]!["absoluteKeywordLocation"]!.GetValue<string>());
        Assert.All(gateway.Log.Lines, l => Assert.False(l.Message.Contains("SECRET", StringComparison.Ordinal)
            || l.Message.Contains("Müller", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("application/json", "", 422)]
    [InlineData("application/fhir+json", "", 422)]
    [InlineData("text/plain", "", 422)]
    [InlineData("application/x-foo", "", 422)]
    [InlineData("image/png", "", 415)]
    [InlineData("application/pdf", "", 415)]
    [InlineData("application/octet-stream", "", 415)]
    [InlineData("multipart/related; boundary=x", "", 415)]
    [InlineData("application/x-www-form-urlencoded", "", 415)]
    [InlineData("text/csv", "", 415)]
    [InlineData("text/csv", "content_types = [\"text/csv\"]", 422)]
    [InlineData("image/png", "other_types = \"pass\"", 422)] // the description of an image has members that the schema forbids
    [InlineData("image/png", "on_violation = \"log\"", 200)]
    public async Task Request_CalledSomethingElse_DoesNotPassTheSchema(string type, string options, int status)
    {
        await using var origin = await OriginAsync();
        await using var gateway = await StartAsync(origin, options);
        using var client = TestClient.Http1(gateway.Url);
        using var content = new ByteArrayContent("""{"patient":{"id":0}}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("content-type", type);
        using var answer = await client.PostAsync("/", content);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("POST", """{"patient":{"id":1}}""", 200)]
    [InlineData("POST", "", 422)]
    [InlineData("POST", "{", 400)]
    [InlineData("GET", "", 200)]
    public async Task Request_MethodAndBody_Status(string method, string body, int status)
    {
        await using var origin = await OriginAsync();
        await using var gateway = await StartAsync(origin);
        using var client = TestClient.Http1(gateway.Url);
        using var request = new HttpRequestMessage(new HttpMethod(method), "/") { Content = method == "GET" ? null : Json(body) };
        Assert.Equal(status, (int)(await client.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("/good", 200)]
    [InlineData("/bad", 502)]
    [InlineData("/missing", 404)] // says what it likes
    [InlineData("/empty", 204)]
    public async Task Response_OfSuccess_MustFit(string path, int status)
    {
        await using var origin = await OriginAsync();
        await using var gateway = await StartAsync(origin, "apply = \"right\"");
        using var client = TestClient.Http1(gateway.Url);
        Assert.Equal(status, (int)(await client.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task OnViolationLog_BodiesPassAndTheLogSaysSo()
    {
        await using var origin = await OriginAsync();
        await using var gateway = await StartAsync(origin, "apply = \"both\"\non_violation = \"log\"");
        using var client = TestClient.Http1(gateway.Url);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/bad", Json("""{"note":1}"""))).StatusCode);
        Assert.Equal(2, gateway.Log.Lines.Count(l => l.EventId == 2801));
    }

    [Theory]
    [InlineData("{", "'schema.json' is not JSON at line 1")]
    [InlineData("""{"tpye":"object"}""", "schema.json#/tpye: unknown keyword 'tpye'; did you mean 'type'?")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/b"}}}""", "schema.json#/properties/a/$ref: '#/$defs/b' leads nowhere")]
    [InlineData("""{"$ref":"https://elsewhere.example/s.json"}""", "leads to none of the files of 'schema_path' and 'references'")]
    [InlineData("""{"pattern":"("}""", "schema.json#/pattern: '(' is not a regular expression")]
    public async Task Load_BrokenSchema_IsAnErrorWithItsPlace(string schema, string expected)
    {
        await using var origin = await OriginAsync();
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(origin, schema: schema));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Contains("config.toml(", e.Message, StringComparison.Ordinal);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static Task<KestrelOrigin> OriginAsync() => KestrelOrigin.StartAsync(context =>
    {
        context.Response.ContentType = "application/json";
        context.Response.StatusCode = context.Request.Path.Value switch { "/missing" => 404, "/empty" => 204, _ => 200 };
        return context.Request.Path.Value switch
        {
            "/empty" => Task.CompletedTask,
            "/good" => context.Response.WriteAsync("""{"patient":{}}"""),
            _ => context.Response.WriteAsync("""{"unknown":1}"""),
        };
    });

    private static Task<TestGateway> StartAsync(KestrelOrigin origin, string options = "", string schema = Order) => TestGateway.StartAsync(
        $"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [pipelines.p]
        networks = ["main"]
        endpoints = ["all"]
        middleware = ["check"]
        backends = ["origin"]
        [endpoints.all]
        service = "http"
        options.path_prefix = "/"
        [backends.origin]
        service = "http"
        options.base_url = "{origin.Url}"
        [middleware.check]
        type = "schema"
        [middleware.check.options]
        schema_path = "schema.json"
        references = ["patient.json"]
        {options}
        """,
        new Dictionary<string, string> { ["schema.json"] = schema, ["patient.json"] = Patient });
}
