using Harmony.Testing;
using Harmony.Testing.Fhir;

namespace Harmony.Fhir.Tests.Services.Fhir;

/// <summary>What rules see of an interaction.</summary>
public sealed class FhirMetadataTests
{
    [Theory]
    [InlineData("GET", "/Patient/1", "fhir.interaction", "read", true)]
    [InlineData("GET", "/Patient?name=x", "fhir.interaction", "search-type", true)]
    [InlineData("POST", "/Patient/_search", "fhir.interaction", "search-type", true)]
    [InlineData("GET", "/Patient/1/_history/7", "fhir.version_id", "7", true)]
    [InlineData("GET", "/Patient/1", "fhir.type", "Patient", true)]
    [InlineData("GET", "/Observation/1", "fhir.type", "Patient", false)]
    [InlineData("DELETE", "/Patient/a.b", "fhir.id", "a.b", true)]
    [InlineData("GET", "/Patient/1/$everything", "fhir.operation", "everything", true)]
    [InlineData("GET", "/Patient/1/Observation", "fhir.compartment_type", "Observation", true)]
    [InlineData("GET", "/Patient?n%61me=x&name=y", "fhir.param.name", "x,y", true)]
    [InlineData("GET", "/Patient?birthdate=ge2020-01-01", "fhir.param.name", "x", false)]
    public async Task Rule_SeesTheInteraction(string method, string path, string name, string value, bool passes)
    {
        await using var origin = await FhirOrigin.StartAsync();
        await using var gateway = await StartAsync(origin, $$"""
            type = "metadata"
            options.mode = "allow"
            options.metadata = [{ name = "{{name}}", match_type = "contains", value = "{{value}}" }]
            """, ["r"]);
        using var client = TestClient.Http1(gateway.Url);
        using var request = new HttpRequestMessage(new HttpMethod(method), "/fhir" + path);
        if (method == "POST") request.Content = new FormUrlEncodedContent([new("name", "x")]);

        using var response = await client.SendAsync(request);

        Assert.Equal((passes, passes), (response.StatusCode != System.Net.HttpStatusCode.Forbidden, !origin.Requests.IsEmpty));
    }

    /// <summary>The rule of a rate limit is the first that looks at the interaction.</summary>
    [Fact]
    public async Task RateLimit_CountsByTheInteraction()
    {
        await using var origin = await FhirOrigin.StartAsync();
        await using var gateway = await StartAsync(origin, """
            type = "rate_limit"
            options.max_requests = 1
            options.key = "fhir.type"
            [rules.rest]
            type = "allow_all"
            """, ["r", "rest"]);
        using var client = TestClient.Http1(gateway.Url);

        foreach (var (type, isLimited) in new[] { ("Patient", false), ("Observation", false), ("Patient", true), ("Observation", true) })
        {
            using var response = await client.GetAsync("/fhir/" + type);
            Assert.Equal((type, isLimited), (type, response.StatusCode == System.Net.HttpStatusCode.TooManyRequests));
        }
    }

    private static Task<TestGateway> StartAsync(FhirOrigin origin, string rule, string[] rules)
    {
        var config = FhirConfig.For(origin.Base) with
        {
            Middleware = "[\"rules\"]",
            Tables = $"""
                [middleware.rules]
                type = "policies"
                options.policies = ["p"]
                [policies.p]
                rules = ["{string.Join("\", \"", rules)}"]
                [rules.r]
                {rule}
                """,
        };
        return config.StartAsync();
    }
}
