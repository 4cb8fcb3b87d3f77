using System.Text;
using System.Text.Json.Nodes;
using Harmony.Testing;
using Harmony.Testing.Fhir;
using Microsoft.AspNetCore.Http;

namespace Harmony.Fhir.Tests.Services.Fhir;

/// <summary>The pipelines of <c>examples/fhir-legacy</c> in front of a FHIR server: what arrives there conforms to R4, codes and invariants included.</summary>
public sealed class LegacyExampleTests
{
    private const string Key = "portal-demo-key-77ab";

    [Fact]
    public async Task Record_BecomesAPatient()
    {
        await using var stand = await Stand.StartAsync();

        using var response = await stand.PostAsync("/legacy/patients", """{"patient_id":"4711","last_name":"Example","first_name":"Anna","date_of_birth":"19700131","sex":"F"}""");

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.Equal(["POST /r4/Patient"], stand.Origin.Requests);
        var stored = stand.Origin.Stored("Patient", "n1")!;
        JsonNode?[] values = [stored["identifier"]![0]!["value"], stored["birthDate"], stored["gender"], stored["name"]![0]!["family"]];
        Assert.Equal(["4711", "1970-01-31", "female", "Example"], values.Select(v => v!.ToString()));
    }

    [Fact]
    public async Task Event_BecomesAnObservation()
    {
        await using var stand = await Stand.StartAsync();
        const string Event = """{"event":"vital.recorded","patient":"4711","device":"monitor-7","at":"2026-01-02T03:04:05Z","pulse":71}""";

        using var unknown = await stand.PostAsync("/events", Event);
        using var response = await stand.PostAsync("/events", Event, Key);

        Assert.Equal(401, (int)unknown.StatusCode);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.Equal(["POST /r4/Observation"], stand.Origin.Requests);
        Assert.Equal("71", stand.Origin.Stored("Observation", "n1")!["valueQuantity"]!["value"]!.ToString());
    }

    [Fact]
    public async Task Admission_BecomesATransaction()
    {
        await using var stand = await Stand.StartAsync();

        using var response = await stand.PostAsync("/hl7", """{"MSH":{"9":"ADT^A01","10":"M1"},"PID":{"3":"4711","5":{"1":"Example","2":"Anna"},"7":"19700131","8":"F"},"PV1":{"2":"I","19":"V1"}}""");

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var sent = JsonNode.Parse(Assert.Single(stand.Origin.Bodies))!;
        var criteria = sent["entry"]!.AsArray().Select(e => e!["request"]!["ifNoneExist"]!.ToString());
        Assert.Equal(["identifier=urn:example:mrn|4711", "identifier=urn:example:visit|V1"], criteria);
        Assert.Equal("4711", stand.Origin.Stored("Patient", "n1")!["identifier"]![0]!["value"]!.ToString());
        Assert.Equal("IMP", stand.Origin.Stored("Encounter", "n2")!["class"]!["code"]!.ToString());
    }

    [Theory]
    [InlineData("/legacy/patients", """{"patient_id":"4711","date_of_birth":"31.01.1970","sex":"F"}""", "Patient.birthDate")]
    [InlineData("/events", """{"patient":"4711","at":"yesterday","pulse":71}""", "Observation.effective")]
    [InlineData("/hl7", """{"PID":{"3":"4711","7":"x"},"PV1":{"2":"I","19":"V1"}}""", "Bundle.entry[0].resource.birthDate")]
    public async Task WhatMakesNoValidResource_IsRefused(string path, string body, string expression)
    {
        await using var stand = await Stand.StartAsync();

        using var response = await stand.PostAsync(path, body, Key);

        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == System.Net.HttpStatusCode.BadRequest, text);
        Assert.Contains(expression, JsonNode.Parse(text)!["issue"]![0]!["expression"]![0]!.ToString(), StringComparison.Ordinal);
        Assert.Empty(stand.Origin.Requests);
    }

    [Fact]
    public async Task Patient_BecomesARecord_AndTheReceiptAnOutcome()
    {
        var records = new List<string>();
        await using var legacy = await KestrelOrigin.StartAsync(async context =>
        {
            records.Add($"{context.Request.Method} {context.Request.Path} {await new StreamReader(context.Request.Body).ReadToEndAsync()}");
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"status":"ok","patient_id":"4711"}""");
        });
        await using var stand = await Stand.StartAsync(legacy.Url.AbsoluteUri.TrimEnd('/'));

        using var response = await stand.PostAsync("/fhir/r4/Patient", """{"resourceType":"Patient","identifier":[{"value":"4711"}],"name":[{"family":"Example","given":["Anna"]}],"gender":"female"}""");

        Assert.Equal("""POST /patients {"patient_id":"4711","last_name":"Example","first_name":"Anna","sex":"F"}""", Assert.Single(records));
        Assert.Equal(201, (int)response.StatusCode);
        Assert.Equal("/fhir/r4/Patient/4711", response.Headers.Location!.ToString());
        var outcome = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(("OperationOutcome", "registered as 4711"), (outcome["resourceType"]!.ToString(), outcome["issue"]![0]!["details"]!["text"]!.ToString()));
    }

    /// <summary>The example's own files; only where the servers are, and how strictly is validated, is another.</summary>
    private sealed class Stand : IAsyncDisposable
    {
        private readonly TestGateway _gateway;
        private readonly HttpClient _client;

        private Stand(FhirOrigin origin, TestGateway gateway)
        {
            (Origin, _gateway, _client) = (origin, gateway, TestClient.Http1(gateway.Url));
            _client.Timeout = TimeSpan.FromMinutes(4); // the definitions of R4 are read with the first request
        }

        public FhirOrigin Origin { get; }

        public static async Task<Stand> StartAsync(string legacy = "http://127.0.0.1:1")
        {
            var origin = await FhirOrigin.StartAsync();
            var folder = RepositoryFolder.PathOf("examples", "fhir-legacy");
            var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) is ".toml" or ".json").ToDictionary(
                f => Path.GetRelativePath(folder, f),
                f => File.ReadAllText(f).Replace("${FHIR_SERVER:-http://127.0.0.1:8080/server/r4}", origin.Base, StringComparison.Ordinal)
                    .Replace("${LEGACY_SYSTEM:-http://127.0.0.1:8080/server/legacy}", legacy, StringComparison.Ordinal)
                    .Replace("mode = \"shape\"", "mode = \"enforce\"", StringComparison.Ordinal));
            return new Stand(origin, await TestGateway.StartAsync(files["config.toml"], files));
        }

        public Task<HttpResponseMessage> PostAsync(string path, string json, string? key = null)
        {
            var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
            if (key is not null) message.Headers.Add("X-API-Key", key);
            return _client.SendAsync(message);
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await _gateway.DisposeAsync();
            await Origin.DisposeAsync();
        }
    }
}
