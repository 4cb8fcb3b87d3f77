using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Testing;
using Harmony.Testing.Fhir;

namespace Harmony.Fhir.Tests.Services.Fhir;

/// <summary>What an endpoint lets through: in requests, in Bundles, in forms, and in what the server says of itself.</summary>
public sealed class FhirListsTests
{
    private const string Lists = """
        interactions = ["read", "search-type", "create", "batch"]
        resource_types = ["Patient", "Observation"]
        search_parameters = ["name", "code", "patient"]
        operations = ["everything"]
        """;

    [Theory]
    [InlineData("""{"method":"GET","url":"Patient?name=x"}""", null)]
    [InlineData("""{"method":"GET","url":"Patient?name=x&_count=1"}""", null)]
    [InlineData("""{"method":"GET","url":"Patient?ssn=1"}""", "'ssn'")]
    [InlineData("""{"method":"GET","url":"Patient?name=x&s%73n=1"}""", "'ssn'")]
    [InlineData("""{"method":"DELETE","url":"Patient/1"}""", "'delete'")]
    [InlineData("""{"method":"GET","url":"Medication/1"}""", "resource type")]
    [InlineData("""{"method":"GET","url":"/Medication/1"}""", "resource type")]
    [InlineData("""{"method":"GET","url":"Patient/1/Medication"}""", "'search-compartment'")]
    [InlineData("""{"method":"POST","url":""}""", "names no resource")]
    [InlineData("""{"method":"GET","url":"http://other/Patient/1"}""", "no such resource type")]
    [InlineData("""{"url":"Patient/1"}""", "")]
    public async Task BatchEntry_IsRefused_LikeARequestOfItsOwn(string request, string? reason)
    {
        await using var origin = await FhirOrigin.StartAsync();
        await using var gateway = await StartAsync(origin, Lists);
        using var client = TestClient.Http1(gateway.Url);

        using var response = await client.PostAsync("/fhir",
            Json($$$"""{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/1"}},{"request":{{{request}}}}]}"""));

        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        if (reason is null)
        {
            Assert.Equal("batch-response", body["type"]!.ToString());
            return;
        }

        Assert.True((int)response.StatusCode is 400 or 403);
        Assert.Contains(reason, body["issue"]![0]!["details"]!["text"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("Bundle.entry[1]", body["issue"]![0]!["expression"]![0]!.ToString());
        Assert.Empty(origin.Requests);
    }

    [Theory]
    [InlineData("name=x", 200)]
    [InlineData("name=x&ssn=1", 403)]
    public async Task PostedParameter_IsRefused_LikeOneOfTheUrl(string form, int status)
    {
        await using var origin = await FhirOrigin.StartAsync();
        await using var gateway = await StartAsync(origin, Lists);
        using var client = TestClient.Http1(gateway.Url);

        using var response = await client.PostAsync("/fhir/Patient/_search", new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded"));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task CapabilityStatement_PromisesOnlyWhatPasses()
    {
        await using var origin = await FhirOrigin.StartAsync();
        await using var gateway = await StartAsync(origin, Lists + "\n" + """
            [endpoints.fhir.options.smart]
            authorization_endpoint = "https://login.example.org/authorize"
            token_endpoint = "https://login.example.org/token"
            """);
        using var client = TestClient.Http1(gateway.Url);

        var statement = JsonNode.Parse(await client.GetStringAsync("/fhir/metadata"))!;

        Assert.Equal($"{gateway.Url}fhir", statement["implementation"]!["url"]!.ToString());
        var rest = statement["rest"]![0]!;
        Assert.Equal(["batch", "transaction"], Codes(rest["interaction"]!, "code"));
        Assert.Null(rest["operation"]);
        Assert.Equal(["Observation", "Patient"], Codes(rest["resource"]!, "type"));
        var patient = rest["resource"]![0]!;
        Assert.Equal(["create", "read", "search-type"], Codes(patient["interaction"]!, "code"));
        Assert.Equal(["_id", "name"], Codes(patient["searchParam"]!, "name"));
        Assert.Null(patient["operation"]);
        Assert.Null(patient["searchInclude"]);
        Assert.Equal("SMART-on-FHIR", rest["security"]!["service"]![0]!["coding"]![0]!["code"]!.ToString());
        Assert.Contains("https://login.example.org/token", rest["security"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutLists_TheStatementStreamsThrough_WithOurBase()
    {
        await using var origin = await FhirOrigin.StartAsync();
        await using var gateway = await StartAsync(origin, "");
        using var client = TestClient.Http1(gateway.Url);

        var statement = JsonNode.Parse(await client.GetStringAsync("/fhir/metadata"))!;

        Assert.Equal($"{gateway.Url}fhir", statement["implementation"]!["url"]!.ToString());
        Assert.Equal(3, statement["rest"]![0]!["resource"]!.AsArray().Count);
    }

    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 401)]
    public async Task Metadata_IsPublic_OnlyWhereTheConfigurationSaysSo(bool isPublic, int status)
    {
        await using var gateway = await Middleware.SmartScopes.SmartGateway.StartAsync(
            endpoint: $"public_metadata = {(isPublic ? "true" : "false")}\nsmart.token_endpoint = \"https://login.example.org/token\"");

        using var metadata = await gateway.Client.GetAsync("/fhir/metadata");
        using var smart = await gateway.Client.GetAsync("/fhir/.well-known/smart-configuration");
        using var patient = await gateway.Client.GetAsync("/fhir/Patient/1");

        Assert.Equal(status, (int)metadata.StatusCode);
        Assert.Equal((200, "application/json"), ((int)smart.StatusCode, smart.Content.Headers.ContentType!.MediaType));
        Assert.Equal("https://login.example.org/token", JsonNode.Parse(await smart.Content.ReadAsStringAsync())!["token_endpoint"]!.ToString());
        Assert.Equal(401, (int)patient.StatusCode);
    }

    private static string[] Codes(JsonNode list, string member) => [.. list.AsArray().Select(i => i![member]!.ToString()).Order(StringComparer.Ordinal)];

    private static StringContent Json(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("application/fhir+json"));

    private static Task<TestGateway> StartAsync(FhirOrigin origin, string endpoint)
    {
        var config = FhirConfig.For(origin.Base) with { Endpoint = endpoint };
        return config.StartAsync();
    }
}
