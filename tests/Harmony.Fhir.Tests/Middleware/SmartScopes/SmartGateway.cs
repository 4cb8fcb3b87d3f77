using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Testing;
using Harmony.Testing.Fhir;

namespace Harmony.Fhir.Tests.Middleware.SmartScopes;

/// <summary>A gateway with <c>jwt_auth</c> and <c>smart_scopes</c> in front of a FHIR server with two patients; tokens are for patient 1.</summary>
internal sealed class SmartGateway : IAsyncDisposable
{
    public const string Category = "http://terminology.hl7.org/CodeSystem/observation-category";

    private static readonly string[] Resources =
    [
        """{"resourceType":"Patient","id":"1","name":[{"family":"One"}],"identifier":[{"system":"urn:mrn","value":"A1"}],"generalPractitioner":[{"reference":"Practitioner/p"}]}""",
        """{"resourceType":"Patient","id":"2","name":[{"family":"Two"}],"identifier":[{"system":"urn:mrn","value":"A2"}]}""",
        Observation("lab1", "1", "laboratory", "101"), Observation("vital1", "1", "vital-signs", "102"), Observation("lab2", "2", "laboratory", "101"),
        """{"resourceType":"Observation","id":"by1","status":"final","subject":{"reference":"Patient/2"},"performer":[{"reference":"Patient/1"}]}""",
        """{"resourceType":"Observation","id":"panel","status":"final","subject":{"reference":"Patient/1"},"hasMember":[{"reference":"Observation/lab2"},{"reference":"Observation/lab1"}]}""",
        """{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/1"}}""",
        """{"resourceType":"Condition","id":"c2","subject":{"reference":"Patient/2"}}""",
        """{"resourceType":"Practitioner","id":"p","name":[{"family":"Doc"}]}""", """{"resourceType":"Device","id":"d"}""",
        """{"resourceType":"Group","id":"g","member":[{"entity":{"reference":"Patient/1"}},{"entity":{"reference":"Patient/2"}}]}""",
        """{"resourceType":"Binary","id":"b","contentType":"text/plain","data":"AAAA"}""",
    ];

    private SmartGateway(FhirOrigin origin, TestGateway gateway) => (Origin, Gateway, Client) = (origin, gateway, TestClient.Http1(gateway.Url));

    public FhirOrigin Origin { get; }

    public TestGateway Gateway { get; }

    public HttpClient Client { get; }

    public string Base => $"{Gateway.Url}fhir";

    public static async Task<SmartGateway> StartAsync(string options = "", string endpoint = "")
    {
        var origin = await FhirOrigin.StartAsync(Resources);
        var config = FhirConfig.For(origin.Base) with { Middleware = "[\"token\", \"smart\"]", Tables = Middleware(options), Endpoint = endpoint };
        return new SmartGateway(origin, await config.StartAsync());
    }

    /// <summary>The tables of the middleware <c>token</c> and <c>smart</c>.</summary>
    /// <param name="options">The keys of <c>[middleware.smart.options]</c>.</param>
    public static string Middleware(string options = "") => $"""
        [middleware.token]
        type = "jwt_auth"
        [middleware.token.options]
        use_hs256 = true
        hs256_secret = "{TestTokens.Secret}"
        [middleware.smart]
        type = "smart_scopes"
        [middleware.smart.options]
        {options}
        """;

    public static string Token(string scope, string? patient = "1", string? fhirUser = null)
        => TestTokens.Hs256(TestTokens.Claims(TimeProvider.System, ("scope", scope), ("patient", patient), ("fhirUser", fhirUser)));

    public async Task<SmartReply> SendAsync(
        string scope, string request, string? body = null, Action<HttpRequestMessage>? change = null, string? patient = "1", string? fhirUser = null)
    {
        var parts = request.Split(' ', 2);
        using var message = new HttpRequestMessage(new HttpMethod(parts[0]), "/fhir" + (parts[1] == "/" ? "" : parts[1]));
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token(scope, patient, fhirUser));
        if (body is not null)
        {
            var type = parts[0] == "PATCH" && body[0] == '[' ? "application/json-patch+json" : parts[1].Contains("_search", StringComparison.Ordinal)
                ? "application/x-www-form-urlencoded"
                : body[0] == '<' ? "application/fhir+xml" : "application/fhir+json";
            message.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type));
        }

        change?.Invoke(message);
        using var response = await Client.SendAsync(message);
        var text = await response.Content.ReadAsStringAsync();
        return new SmartReply((int)response.StatusCode, text, string.Join('\n', response.Headers.Concat(response.Content.Headers).Where(
            h => h.Key is not ("Date" or "X-Request-ID")).Select(h => $"{h.Key}: {string.Join(',', h.Value)}").Order(StringComparer.Ordinal)));
    }

    public static string Observation(string id, string patient, string category, string code) => $$$"""
        {"resourceType":"Observation","id":"{{{id}}}","status":"final","category":[{"coding":[{"system":"{{{Category}}}","code":"{{{category}}}"}]}],
        "code":{"coding":[{"system":"http://loinc.org","code":"{{{code}}}"}]},"subject":{"reference":"Patient/{{{patient}}}"}}
        """;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Gateway.DisposeAsync();
        await Origin.DisposeAsync();
    }
}

/// <summary>A response as tests look at it.</summary>
/// <param name="Status">The status.</param>
/// <param name="Text">The body.</param>
/// <param name="Headers">The headers without those that differ in each response.</param>
internal sealed record SmartReply(int Status, string Text, string Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public override string ToString() => $"{Status} {Headers} {Text}";

    /// <summary>What entries a Bundle has, as <c>Type/id</c>.</summary>
    public string[] Entries
        => [.. (Json["entry"] as JsonArray ?? []).Select(e => $"{e!["resource"]?["resourceType"]}/{e["resource"]?["id"]}").Order(StringComparer.Ordinal)];
}
