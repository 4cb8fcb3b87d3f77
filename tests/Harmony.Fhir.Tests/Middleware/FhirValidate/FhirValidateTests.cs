using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Harmony.Testing;
using Harmony.Testing.Fhir;

namespace Harmony.Fhir.Tests.Middleware.FhirValidate;

/// <summary><c>fhir_validate</c> in a pipeline.</summary>
public sealed class FhirValidateTests
{
    [Theory]
    [InlineData("POST /Patient", """{"resourceType":"Patient","name":[{"family":"x"}]}""", 201, "")]
    [InlineData("POST /Patient", """{"resourceType":"Patient","nane":1}""", 400, "Patient")]
    [InlineData("POST /Patient", """{"resourceType":"Patient","name":[{"family":1}]}""", 400, "Patient.name[0].family")]
    [InlineData("POST /Patient", """{"resourceType":"Observation","status":"final","code":{"text":"x"}}""", 400, "Observation")]
    [InlineData("PUT /Patient/1", """{"resourceType":"Patient","id":"2"}""", 400, "Patient.id")]
    [InlineData("PUT /Patient/1", """{"resourceType":"Patient"}""", 400, "Patient.id")]
    [InlineData("PUT /Patient/1", """{"resourceType":"Patient","id":"1","active":true}""", 201, "")]
    [InlineData("POST /Patient", """{"resourceType":"Patient","active":true,"active":false}""", 400, "Patient")]
    [InlineData("POST /Patient", """{"resourceType":"Patient","resourceType":"Observation"}""", 400, "Patient")]
    [InlineData("POST /Patient", """{"resourceType":"Patent"}""", 400, "Resource")]
    [InlineData("POST /Patient", """{"resourceType":"Patient",""", 400, null)]
    [InlineData("POST /Patient", """<Patient xmlns="http://hl7.org/fhir"><active value="true"></Patient>""", 400, null)]
    [InlineData("POST /Patient", """<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Patient xmlns="http://hl7.org/fhir"><id value="&b;"/></Patient>""",
        400, null)]
    [InlineData("POST /Patient", "<html></html>", 400, null)]
    [InlineData("POST /", """{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient","birthDate":"x"},"request":{"method":"POST","url":"Patient"}}]}""", 400, "Bundle.entry[0].resource.birthDate")]
    public async Task Request_IsValidated(string request, string body, int status, string? expression)
    {
        await using var origin = await FhirOrigin.StartAsync();
        await using var gateway = await StartAsync(origin, "");
        using var client = TestClient.Http1(gateway.Url);

        using var response = await SendAsync(client, request, body);

        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, text);
        if (status < 400) return;
        Assert.Empty(origin.Requests);
        if (body[0] == '<')
        {
            Assert.Equal("OperationOutcome", XDocument.Parse(text).Root!.Name.LocalName);
            return;
        }

        var outcome = JsonNode.Parse(text)!;
        Assert.Equal("OperationOutcome", outcome["resourceType"]!.ToString());
        Assert.Equal(expression, outcome["issue"]![0]!["expression"]?[0]!.ToString());
    }

    [Fact]
    public async Task SeveralIssues_AreAllTold()
    {
        await using var origin = await FhirOrigin.StartAsync();
        await using var gateway = await StartAsync(origin, "");
        using var client = TestClient.Http1(gateway.Url);

        using var response = await SendAsync(client, "POST /Observation", """{"resourceType":"Observation","issued":"x","valueString":7}""");

        Assert.Equal(
            ["value Observation.issued", "value Observation.value", "required Observation", "required Observation"],
            JsonNode.Parse(await response.Content.ReadAsStringAsync())!["issue"]!.AsArray()
                .Select(i => $"{i!["code"]} {i["expression"]![0]}".Replace("valueString", "value", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Warn_LetsPass_AndLogsWithoutValues()
    {
        await using var origin = await FhirOrigin.StartAsync();
        await using var gateway = await StartAsync(origin, "mode = \"warn\"");
        using var client = TestClient.Http1(gateway.Url);

        using var response = await SendAsync(client, "POST /Patient", """{"resourceType":"Patient","birthDate":"Mustermann"}""");

        Assert.Equal(201, (int)response.StatusCode);
        var line = Assert.Single(gateway.Log.Lines, l => l.EventId == 3401);
        Assert.Contains("Patient.birthDate", line.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Mustermann", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_ThatIsNoFhir_IsABadGateway()
    {
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            context.Response.ContentType = "application/fhir+json";
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, """{"resourceType":"Patient","nane":1}""");
        });
        await using var gateway = await StartAsync(origin.Url + "r4", "apply = \"right\"");
        using var client = TestClient.Http1(gateway.Url);

        using var response = await client.GetAsync("/fhir/Patient/1");

        Assert.Equal(502, (int)response.StatusCode);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string request, string body)
    {
        var parts = request.Split(' ');
        var message = new HttpRequestMessage(new HttpMethod(parts[0]), "/fhir" + parts[1].TrimEnd('/'))
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(body[0] == '<' ? "application/fhir+xml" : "application/fhir+json")),
        };
        if (body[0] == '<') message.Headers.Add("Accept", "application/fhir+xml");
        return client.SendAsync(message);
    }

    private static Task<TestGateway> StartAsync(FhirOrigin origin, string options) => StartAsync(origin.Base, options);

    private static Task<TestGateway> StartAsync(string server, string options)
    {
        var config = FhirConfig.For(server) with
        {
            Middleware = "[\"valid\"]",
            Tables = $"""
                [middleware.valid]
                type = "fhir_validate"
                [middleware.valid.options]
                {options}
                """,
        };
        return config.StartAsync();
    }
}
