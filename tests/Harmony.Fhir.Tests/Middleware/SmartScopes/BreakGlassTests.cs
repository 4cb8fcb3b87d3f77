using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Fhir.Middleware.FhirValidate;
using Harmony.Testing;

namespace Harmony.Fhir.Tests.Middleware.SmartScopes;

/// <summary>Access in an emergency: given to few, for reading, with a reason, and never without its record.</summary>
public sealed class BreakGlassTests
{
    private const string Options = """
        [middleware.smart.options.break_glass]
        claim = "roles"
        values = ["emergency"]
        """;

    [Theory]
    [InlineData("GET /Observation/lab2", "emergency", "unconscious, allergies?", 200)]
    [InlineData("GET /Observation/lab2/_history", "emergency", "x", 200)]
    [InlineData("GET /Observation?patient=2", "emergency", "x", 200)]
    [InlineData("GET /Patient/2/Observation", "emergency", "x", 200)]
    [InlineData("GET /Patient/2/$everything", "emergency", "x", 200)]
    [InlineData("GET /Observation/lab2", "emergency", null, 404)]
    [InlineData("GET /Observation/lab2", "clerk", "x", 403)]
    [InlineData("GET /Observation/lab2", "emergency2", "x", 403)]
    [InlineData("GET /Observation/lab2", null, "x", 403)]
    [InlineData("GET /Observation/lab2", "emergency", " ", 400)]
    [InlineData("GET /Patient/2/*", "emergency", "x", 403)]
    [InlineData("GET /?_type=Patient", "emergency", "x", 403)]
    [InlineData("GET /$export", "emergency", "x", 403)]
    [InlineData("DELETE /Observation/lab2", "emergency", "x", 403)]
    [InlineData("POST /", "emergency", "x", 403)]
    public async Task Glass_IsBrokenByFew_ToRead_WithAReason(string request, string? role, string? reason, int status)
    {
        await using var gateway = await SmartGateway.StartAsync(Options);

        using var response = await SendAsync(gateway, request, role, reason);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 200, gateway.Origin.Stored("AuditEvent", "n1") is not null);
        Assert.Equal(status == 200, gateway.Gateway.Log.Lines.Any(l => l.EventId == 3402));
        if (status == 403) Assert.Empty(gateway.Origin.Requests);
    }

    [Fact]
    public async Task Record_SaysWhoWhatAndWhy_BeforeAnythingIsShown()
    {
        await using var gateway = await SmartGateway.StartAsync(Options);

        using var response = await SendAsync(gateway, "GET /Observation/lab2", "emergency", "unconscious, allergies?");

        Assert.Equal(["POST /r4/AuditEvent", "GET /r4/Observation/lab2"], gateway.Origin.Requests);
        var record = gateway.Origin.Stored("AuditEvent", "n1")!;
        Assert.Empty(ShapeRules.Check(Encoding.UTF8.GetBytes(record.ToJsonString()), 20));
        Assert.Equal("ann", record["agent"]![0]!["who"]!["identifier"]!["value"]!.ToString());
        Assert.Equal("Observation/lab2", record["entity"]![0]!["what"]!["reference"]!.ToString());
        Assert.Equal("unconscious, allergies?", record["purposeOfEvent"]![0]!["text"]!.ToString());
        Assert.Equal("BTG", record["purposeOfEvent"]![0]!["coding"]![0]!["code"]!.ToString());
        var line = Assert.Single(gateway.Gateway.Log.Lines, l => l.EventId == 3402);
        Assert.DoesNotContain("lab2", line.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("unconscious", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_ThatTakesNoRecord_ShowsNothing()
    {
        await using var gateway = await SmartGateway.StartAsync(Options);
        gateway.Origin.Refused = "AuditEvent";

        using var response = await SendAsync(gateway, "GET /Observation/lab2", "emergency", "x");

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal(["POST /r4/AuditEvent"], gateway.Origin.Requests);
    }

    [Fact]
    public async Task WithoutTheOption_TheHeaderIsNothing()
    {
        await using var gateway = await SmartGateway.StartAsync();

        using var response = await SendAsync(gateway, "GET /Observation/lab2", "emergency", "x");

        Assert.Equal(404, (int)response.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(SmartGateway gateway, string request, string? role, string? reason)
    {
        var parts = request.Split(' ');
        using var message = new HttpRequestMessage(new HttpMethod(parts[0]), "/fhir" + parts[1]);
        var roles = role is null ? null : new JsonArray("doctor", role);
        var claims = TestTokens.Claims(TimeProvider.System, ("scope", "patient/*.cruds"), ("patient", "1"), ("roles", roles));
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Hs256(claims));
        if (reason is not null) message.Headers.TryAddWithoutValidation("X-Break-Glass", reason);
        if (parts[0] == "POST") message.Content = new StringContent("""{"resourceType":"Bundle","type":"batch","entry":[]}""", Encoding.UTF8, "application/fhir+json");
        return await gateway.Client.SendAsync(message);
    }
}
