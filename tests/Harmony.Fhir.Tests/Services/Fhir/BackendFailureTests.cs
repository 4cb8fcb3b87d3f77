using System.Text.Json.Nodes;
using System.Xml.Linq;
using Harmony.Testing;

namespace Harmony.Fhir.Tests.Services.Fhir;

/// <summary>A server that is down, slow, no FHIR server or that breaks off: the client gets an OperationOutcome in its form.</summary>
public sealed class BackendFailureTests
{
    /// <summary>Entities that multiply when a reader resolves them.</summary>
    private const string BillionLaughs = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><Patient><id value=\"&b;\"/></Patient>";

    private const string Page = "<!DOCTYPE html><html><body>Sorry</body></html>";

    public static TheoryData<string, string, int, string> Failures => new()
    {
        { "down", "", 502, "transient" },
        { "silent", "", 504, "timeout" },
        { "silent after its head", "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: 100\r\n\r\n", 504, "timeout" },
        { "a page", Answer("200 OK", "text/html; charset=utf-8", Page), 502, "transient" },
        { "a page that says JSON", Answer("200 OK", "application/fhir+json", Page), 502, "transient" },
        { "a page that says XML", Answer("200 OK", "application/fhir+xml", Page), 502, "transient" },
        { "a page of XHTML", Answer("200 OK", "application/xhtml+xml", "<html/>"), 502, "transient" },
        { "a page, not found", Answer("404 Not Found", "text/html", Page), 404, "not-found" },
        { "a page, no login", Answer("401 Unauthorized", "text/html", Page, "WWW-Authenticate: Bearer\r\n"), 401, "login" },
        { "a page, fault", Answer("500 Internal Server Error", "text/html", Page), 500, "exception" },
        { "a page, overload", Answer("503 Service Unavailable", "text/html", Page, "Retry-After: 7\r\n"), 503, "transient" },
        { "another protocol", "SSH-2.0-OpenSSH_9.6\r\n", 502, "transient" },
        { "garbage that says JSON", Answer("200 OK", "application/fhir+json", "\u0001\u0002\u0003"), 502, "transient" },
        { "JSON that says XML", Answer("200 OK", "application/fhir+xml", "{\"resourceType\":\"Patient\"}"), 502, "transient" },
        { "billion laughs", Answer("200 OK", "application/fhir+xml", BillionLaughs), 502, "transient" },
        { "broken off before its head", "HTTP/1.1 200", 502, "transient" },
        { "broken off behind its head", "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: 100\r\n\r\n", 502, "transient" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Failure_IsAnOperationOutcome_InTheFormOfTheClient(string kind, string answer, int status, string code)
    {
        await using var server = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync(answer);
            if (kind.StartsWith("silent", StringComparison.Ordinal)) await connection.WaitForEndAsync();
        });
        var url = kind == "down" ? new Uri($"http://127.0.0.1:{FreePort.Take()}/") : server.Url;
        await using var gateway = await StartAsync(url, kind.StartsWith("silent", StringComparison.Ordinal) ? 1 : 60);
        using var client = TestClient.Http1(gateway.Url);

        foreach (var form in (string[])["application/fhir+json", "application/fhir+xml"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/fhir/Patient/1") { Headers = { { "Accept", form } } };
            using var response = await client.SendAsync(request);

            var text = await response.Content.ReadAsStringAsync();
            Assert.True((status, form) == ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType), $"{response} {text}");
            Assert.Equal(("OperationOutcome", code), form.EndsWith("xml", StringComparison.Ordinal) ? OfXml(text) : OfJson(text));
            if (status == 503) Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter!.Delta);
            if (status == 401) Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        }
    }

    [Fact]
    public async Task BrokenOff_InTheMiddle_IsNoWholeResponse()
    {
        await using var server = RawOrigin.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"a\":\"b\"\r\n");
        });
        await using var gateway = await StartAsync(server.Url, 60);
        using var client = TestClient.Http1(gateway.Url);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync("/fhir/Patient/1"));
    }

    [Theory]
    [InlineData("/fhir/Binary/1", "application/fhir+json")]
    [InlineData("/fhir/Patient/1", "text/html, application/fhir+xml;q=0.9")]
    public async Task Page_ThatWasAskedFor_Passes(string path, string accept)
    {
        await using var server = RawOrigin.Answering(Answer("200 OK", "text/html", Page));
        await using var gateway = await StartAsync(server.Url, 60);
        using var client = TestClient.Http1(gateway.Url);
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", accept } } };

        using var response = await client.SendAsync(request);

        Assert.Equal((200, Page), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    private static (string, string) OfJson(string text)
    {
        var outcome = JsonNode.Parse(text)!;
        return (outcome["resourceType"]!.ToString(), outcome["issue"]![0]!["code"]!.ToString());
    }

    private static (string, string) OfXml(string text)
    {
        XNamespace fhir = "http://hl7.org/fhir";
        return (XDocument.Parse(text).Root!.Name.LocalName, XDocument.Parse(text).Descendants(fhir + "code").Single().Attribute("value")!.Value);
    }

    private static string Answer(string status, string type, string body, string fields = "")
        => $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n{fields}\r\n{body}";

    private static Task<TestGateway> StartAsync(Uri server, int timeout) => FhirConfig.For($"{server}", $"timeout_secs = {timeout}").StartAsync();
}
