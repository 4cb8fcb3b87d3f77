using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Harmony.Testing;
using Microsoft.AspNetCore.Http;

namespace Harmony.Fhir.Tests.Services.Fhir;

/// <summary>The <c>fhir</c> endpoint in front of a <c>fhir</c> backend.</summary>
public sealed class FhirGatewayTests
{
    [Fact]
    public async Task Search_LinksLeadBackThroughTheGateway_PageAfterPage()
    {
        await using var origin = await KestrelOrigin.StartAsync(context => AnswerAsync(context, "application/fhir+json", $$"""
            {"resourceType":"Bundle","type":"searchset","link":[{"relation":"self","url":"http://{{context.Request.Host}}/r4/Patient{{context.Request.QueryString}}"},
            {"relation":"next","url":"http://{{context.Request.Host}}/r4?_getpages=7"}],"entry":[{"fullUrl":"http://{{context.Request.Host}}/r4/Patient/1"}]}
            """));
        await using var gateway = await StartAsync(origin.Url + "r4");
        using var client = TestClient.Http1(gateway.Url);

        var bundle = JsonNode.Parse(await client.GetStringAsync("/fhir/Patient?name=x"))!;

        var next = bundle["link"]![1]!["url"]!.ToString();
        Assert.Equal($"{gateway.Url}fhir?_getpages=7", next);
        Assert.Equal($"{gateway.Url}fhir/Patient?name=x", bundle["link"]![0]!["url"]!.ToString());
        Assert.Equal($"{gateway.Url}fhir/Patient/1", bundle["entry"]![0]!["fullUrl"]!.ToString());
        Assert.Equal(next, JsonNode.Parse(await client.GetStringAsync(new Uri(next).PathAndQuery))!["link"]![1]!["url"]!.ToString());
    }

    [Theory]
    [InlineData("gw.example:8443", "443", "/outer", "https://gw.example:8443/outer/fhir")]
    [InlineData("gw.example", "443", "/outer/", "https://gw.example/outer/fhir")]
    [InlineData("gw.example", "443", "//evil.example", "https://gw.example/fhir")]
    public async Task Pages_BehindATrustedProxy_KeepOneBase(string host, string port, string prefix, string expected)
    {
        await using var origin = await KestrelOrigin.StartAsync(context => AnswerAsync(context, "application/fhir+json",
            $$"""{"resourceType":"Bundle","link":[{"relation":"next","url":"http://{{context.Request.Host}}/r4?page={{context.Request.Query["page"]}}1"}]}"""));
        await using var gateway = await StartAsync(origin.Url + "r4", network: """trusted_proxies = ["127.0.0.1"]""");
        using var client = TestClient.Http1(gateway.Url);
        var next = expected + "?page=0";

        for (var page = 0; page < 3; page++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/fhir?" + next.Split('?')[1]);
            foreach (var (name, value) in new[] { ("X-Forwarded-Host", host), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Port", port),
                ("X-Forwarded-Prefix", prefix) }) request.Headers.TryAddWithoutValidation(name, value);
            using var response = await client.SendAsync(request);
            next = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["link"]![0]!["url"]!.ToString();
            Assert.StartsWith(expected + "?page=", next, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Create_LocationLeadsBack_AndReferencesOfTheRequestLeadToTheServer()
    {
        var received = "";
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            received = await new StreamReader(context.Request.Body).ReadToEndAsync();
            context.Response.StatusCode = 201;
            context.Response.Headers.Location = $"http://{context.Request.Host}/r4/Observation/9/_history/1";
        });
        await using var gateway = await StartAsync(origin.Url + "r4");
        using var client = TestClient.Http1(gateway.Url);

        using var response = await client.PostAsync(
            "/fhir/Observation", Json($$$"""{"resourceType":"Observation","subject":{"reference":"{{{gateway.Url}}}fhir/Patient/1"}}"""));

        Assert.Equal($"{gateway.Url}fhir/Observation/9/_history/1", response.Headers.Location!.ToString());
        Assert.Contains($"\"{origin.Url}r4/Patient/1\"", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Xml_LinksLeadBack_AndNarrativeIsLeftAlone()
    {
        await using var origin = await KestrelOrigin.StartAsync(context => AnswerAsync(context, "application/fhir+xml", $"""
            <Bundle xmlns="http://hl7.org/fhir"><link><relation value="next"/><url value="http://{context.Request.Host}/r4?p=2"/></link><entry><fullUrl value="http://{context.Request.Host}/r4/Patient/1"/>
            <resource><Patient><text><div xmlns="http://www.w3.org/1999/xhtml">see <a href="http://{context.Request.Host}/r4/x">this</a></div></text><extension url="http://{context.Request.Host}/r4/e"/></Patient></resource></entry></Bundle>
            """));
        await using var gateway = await StartAsync(origin.Url + "r4");
        using var client = TestClient.Http1(gateway.Url);

        var document = XDocument.Parse(await client.GetStringAsync("/fhir/Patient?_format=xml"));

        XNamespace fhir = "http://hl7.org/fhir", xhtml = "http://www.w3.org/1999/xhtml";
        Assert.Equal($"{gateway.Url}fhir?p=2", document.Descendants(fhir + "url").Single().Attribute("value")!.Value);
        Assert.Equal($"{gateway.Url}fhir/Patient/1", document.Descendants(fhir + "fullUrl").Single().Attribute("value")!.Value);
        Assert.Equal($"{origin.Url}r4/x", document.Descendants(xhtml + "a").Single().Attribute("href")!.Value);
        Assert.Equal($"{origin.Url}r4/e", document.Descendants(fhir + "extension").Single().Attribute("url")!.Value);
    }

    [Theory]
    [InlineData("GET", "/fhir/Patent", null, 404, "not-supported")]
    [InlineData("GET", "/fhir/Patient/a_b", null, 400, "invalid")]
    [InlineData("POST", "/fhir/Patient/1", null, 405, "not-supported")]
    [InlineData("DELETE", "/fhir/Patient/1", null, 403, "forbidden")]
    [InlineData("GET", "/fhir/Medication/1", null, 403, "forbidden")]
    [InlineData("GET", "/fhir/Patient?ssn=1", null, 403, "forbidden")]
    [InlineData("GET", "/fhir/Patient/1/$everything", null, 403, "forbidden")]
    [InlineData("GET", "/fhir/Patient/1", "text/html", 406, "not-supported")]
    [InlineData("GET", "/fhir/Patient/1", "application/fhir+json", 502, "transient")]
    [InlineData("GET", "/fhir/Patient/1", "application/fhir+xml", 502, "transient")]
    public async Task Error_IsAnOperationOutcome(string method, string path, string? accept, int status, string code)
    {
        await using var gateway = await StartAsync("http://127.0.0.1:" + FreePort.Take(), """
            interactions = ["read", "search-type", "create", "operation"]
            resource_types = ["Patient", "Observation"]
            search_parameters = ["name", "birthdate"]
            operations = ["validate"]
            """);
        using var client = TestClient.Http1(gateway.Url);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (accept is not null) request.Headers.Add("Accept", accept);

        using var response = await client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        var body = await response.Content.ReadAsStringAsync();
        if (accept == "application/fhir+xml")
        {
            XNamespace fhir = "http://hl7.org/fhir";
            Assert.Equal(code, XDocument.Parse(body).Descendants(fhir + "code").Single().Attribute("value")!.Value);
            return;
        }

        Assert.Equal("application/fhir+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(code, JsonNode.Parse(body)!["issue"]![0]!["code"]!.ToString());
    }

    [Theory]
    [InlineData("/fhir/Patient", "text/csv", "a;b", 415, "not-supported")]
    [InlineData("/fhir/Patient", "application/fhir+json", "a;b", 400, "invalid")]
    [InlineData("/fhir/Patient", "application/fhir+xml", "{}", 400, "invalid")]
    [InlineData("/fhir/Patient", "application/fhir+xml",
        "<!DOCTYPE x [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><Patient><id value=\"&b;\"/></Patient>", 400, "invalid")]
    [InlineData("/fhir/Patient?_format=csv", "application/fhir+json", "{}", 406, "not-supported")]
    [InlineData("/fhir/Patent", "application/fhir+json", "{}", 404, "not-supported")]
    public async Task Body_ThatIsNothingOfFhir_IsRefused_InTheFormOfTheClient(string path, string type, string body, int status, string code)
    {
        var asked = 0;
        await using var origin = await KestrelOrigin.StartAsync(_ =>
        {
            Interlocked.Increment(ref asked);
            return Task.CompletedTask;
        });
        await using var gateway = await StartAsync(origin.Url + "r4");
        using var client = TestClient.Http1(gateway.Url);

        foreach (var accept in (string[])["application/fhir+json", "application/fhir+xml"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path);
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type));
            request.Headers.Add("Accept", accept);
            using var response = await client.SendAsync(request);

            var text = await response.Content.ReadAsStringAsync();
            Assert.True(status == (int)response.StatusCode, text);
            XNamespace fhir = "http://hl7.org/fhir";
            var isXml = accept == "application/fhir+xml" && !path.Contains("_format", StringComparison.Ordinal);
            Assert.Equal(code, isXml
                ? XDocument.Parse(text).Root!.Element(fhir + "issue")!.Element(fhir + "code")!.Attribute("value")!.Value
                : JsonNode.Parse(text)!["issue"]![0]!["code"]!.ToString());
        }

        Assert.Equal(0, asked);
    }

    [Theory]
    [InlineData("GET", "/Patient/1?_summary=true&_pretty=true&_format=json", 200)]
    [InlineData("GET", "/Patient?_elements=id,name&_format=application%2Ffhir%2Bjson&name=a%2Cb", 200)]
    [InlineData("HEAD", "/Patient/1", 200)]
    [InlineData("GET", "/Patient/1", 304)]
    public async Task Negotiation_AndConditions_PassBothWays(string method, string target, int status)
    {
        string? seen = null;
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            var (request, response) = (context.Request, context.Response);
            seen = $"{request.Path}{request.QueryString} {request.Headers.Accept} {request.Headers.IfNoneMatch} {request.Headers["Prefer"]}";
            response.StatusCode = status;
            response.Headers.ETag = "W/\"7\"";
            response.Headers.LastModified = "Mon, 05 Jan 2026 10:00:00 GMT";
            if (status == 200) await AnswerAsync(context, "application/fhir+json; fhirVersion=4.0", """{"resourceType":"Patient","id":"1"}""");
        });
        await using var gateway = await StartAsync(origin.Url + "r4");
        using var client = TestClient.Http1(gateway.Url);
        using var request = new HttpRequestMessage(new HttpMethod(method), "/fhir" + target);
        foreach (var (name, value) in new[]
        {
            ("Accept", "application/fhir+json; fhirVersion=4.0"), ("If-None-Match", "W/\"6\""), ("Prefer", "handling=strict"),
        }) request.Headers.TryAddWithoutValidation(name, value);

        using var response = await client.SendAsync(request);

        Assert.Equal($"/r4{target} application/fhir+json; fhirVersion=4.0 W/\"6\" handling=strict", seen);
        Assert.Equal((status, "W/\"7\""), ((int)response.StatusCode, response.Headers.ETag!.ToString()));
        Assert.Equal(method == "GET" && status == 200 ? """{"resourceType":"Patient","id":"1"}""" : "", await response.Content.ReadAsStringAsync());
        if (status == 200) Assert.Equal("application/fhir+json; fhirVersion=4.0", response.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("/fhir")]
    [InlineData("/fhir/")]
    public async Task Batch_AtTheBase_IsPassedOn(string path)
    {
        await using var origin = await KestrelOrigin.StartAsync(context => AnswerAsync(
            context, "application/fhir+json", $$"""{"resourceType":"Bundle","type":"batch-response","path":"{{context.Request.Path}}"}"""));
        await using var gateway = await StartAsync(origin.Url + "r4");
        using var client = TestClient.Http1(gateway.Url);

        using var response = await client.PostAsync(path, Json("""{"resourceType":"Bundle","type":"batch"}"""));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task BrowserApplication_OfAnAllowedOrigin_MayReadWhatItNeeds()
    {
        await using var origin = await KestrelOrigin.StartAsync(context => AnswerAsync(context, "application/fhir+json", """{"resourceType":"Patient"}"""));
        await using var gateway = await StartAsync(origin.Url + "r4", """allowed_origins = ["https://app.example.org"]""");
        using var client = TestClient.Http1(gateway.Url);

        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/fhir/Patient/1")
        {
            Headers = { { "Origin", "https://app.example.org" }, { "Access-Control-Request-Method", "GET" } }
        };
        using var allowed = await client.SendAsync(preflight);
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/fhir/Patient/1") { Headers = { { "Origin", "https://evil.example" } } };
        using var closed = await client.SendAsync(foreign);
        using var missing = new HttpRequestMessage(HttpMethod.Get, "/fhir/Nonsense/1") { Headers = { { "Origin", "https://app.example.org" } } };
        using var readable = await client.SendAsync(missing);

        Assert.Equal("https://app.example.org", allowed.Headers.GetValues("access-control-allow-origin").Single());
        Assert.False(closed.Headers.Contains("access-control-allow-origin"));
        Assert.Equal(HttpStatusCode.NotFound, readable.StatusCode);
    }

    [Fact]
    public async Task LargeBundle_StreamsThrough()
    {
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            context.Response.ContentType = "application/fhir+json";
            await context.Response.WriteAsync("""{"resourceType":"Bundle","entry":[""");
            for (var i = 0; i < 20_000; i++) await context.Response.WriteAsync($$$"""{{{(i > 0 ? "," : "")}}}{"fullUrl":"http://{{{context.Request.Host}}}/r4/Patient/{{{i}}}","resource":{"resourceType":"Patient","id":"{{{i}}}"}}""");
            await context.Response.WriteAsync("]}");
        });
        await using var gateway = await StartAsync(origin.Url + "r4");
        using var client = TestClient.Http1(gateway.Url);

        var bundle = JsonNode.Parse(await client.GetStringAsync("/fhir/Patient"))!;

        Assert.Equal(20_000, bundle["entry"]!.AsArray().Count);
        Assert.All(bundle["entry"]!.AsArray(), e => Assert.StartsWith($"{gateway.Url}fhir/Patient/", e!["fullUrl"]!.ToString(), StringComparison.Ordinal));
    }

    private static Task AnswerAsync(HttpContext context, string type, string text)
    {
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("application/fhir+json"));

    private static Task<TestGateway> StartAsync(string server, string endpoint = "", string network = "")
    {
        var config = FhirConfig.For(server) with { Endpoint = endpoint, Network = network };
        return config.StartAsync();
    }
}
