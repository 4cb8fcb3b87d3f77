using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Services.DicomWeb;

/// <summary>In front of a server that speaks DICOMweb: addresses, and everything else as it is.</summary>
public sealed class DicomWebBackendTests
{
    [Theory]
    [InlineData("{0}/studies/1.2", "{1}/studies/1.2")]
    [InlineData("{0}", "{1}")]
    [InlineData("http://elsewhere.example.org/studies/1.2", "http://elsewhere.example.org/studies/1.2")]
    [InlineData("{0}er/studies/1.2", "{0}er/studies/1.2")] // a longer name of somebody else
    [InlineData("https://pacs.internal/rs/studies/1.2", "{1}/studies/1.2")]
    [InlineData("/studies/1.2", "/studies/1.2")]
    [InlineData("see {0}/studies", "see {0}/studies")]
    public async Task What_the_server_calls_itself_is_shown_as_the_gateway(string theirs, string ours)
    {
        var url = "";
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            context.Response.ContentType = "application/dicom+json";
            var text = new JsonArray(new JsonObject { ["00081190"] = new JsonObject { ["vr"] = "UR", ["Value"] = new JsonArray(string.Format(theirs, url)) } })
                .ToJsonString();
            // A few bytes at a time: an address may come in pieces.
            foreach (var piece in Encoding.UTF8.GetBytes(text).Chunk(3))
            {
                await context.Response.Body.WriteAsync(piece);
                await context.Response.Body.FlushAsync();
            }
        });
        url = $"{origin.Url.AbsoluteUri.TrimEnd('/')}/rs";
        await using var gateway = await WebGateway.StartAsync(Toml(url));

        var found = await gateway.JsonAsync("studies");

        Assert.Equal(string.Format(ours, url, gateway.BaseUrl), (string)found[0]!["00081190"]!["Value"]![0]!);
    }

    /// <summary>Orthanc's own DICOMweb through the gateway: its addresses are the gateway's, its objects are its own.</summary>
    [OrthancWebFact]
    public async Task Orthanc_behind_the_gateway()
    {
        await using var server = await OrthancPeer.StartAsync(new OrthancSettings { DicomWeb = true });
        await using var gateway = await WebGateway.StartAsync(Toml(new Uri(server.Url, "dicom-web").AbsoluteUri));

        using var stored = await gateway.StoreAsync("studies", null, await WebGateway.FileOf(TestObjects.Ct("1.2.3.3")));
        var studies = await gateway.JsonAsync("studies");
        using var metadata = await gateway.GetAsync("studies/1.2.3.1/metadata");
        using var objects = await gateway.GetAsync("studies/1.2.3.1", "multipart/related; type=\"application/dicom\"; transfer-syntax=*");

        Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        Assert.Contains($"{gateway.BaseUrl}/studies/1.2.3.1", studies.ToJsonString().Replace("\\u002F", "/", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.DoesNotContain($":{server.Url.Port}/", await metadata.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(await WebGateway.PartsAsync(objects));
    }

    /// <summary>Addresses are what trusted proxies say, and nobody else.</summary>
    [Theory]
    [InlineData(true, "https://pub.example.org:8443/x/dicomweb")]
    [InlineData(false, null)]
    public async Task The_public_address_is_what_trusted_proxies_say(bool isTrusted, string? expected)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, network: isTrusted ? "trusted_proxies = [\"127.0.0.1\"]" : "");

        using var response = await gateway.GetAsync("studies", null, ("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "pub.example.org:8443"), ("X-Forwarded-Prefix", "/x"));
        var found = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal($"{expected ?? gateway.BaseUrl}/studies/1.2", (string)found[0]!["00081190"]!["Value"]![0]!);
    }

    [Fact]
    public async Task The_public_address_of_the_configuration_goes_over_everything()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, endpoint: "public_url = \"https://images.example.org/rs/\"");

        Assert.Equal("https://images.example.org/rs/studies/1.2", (string)(await gateway.JsonAsync("studies"))[0]!["00081190"]!["Value"]![0]!);
    }

    [Theory]
    [InlineData("https://viewer.example.org", "https://viewer.example.org")]
    [InlineData("https://other.example.org", null)]
    public async Task Origins_that_are_named_may_use_it(string origin, string? allowed)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, endpoint: "cors_origins = [\"https://viewer.example.org\"]\ncors_credentials = true");

        using var preflight =
            await gateway.SendAsync(HttpMethod.Options, "studies", null, null, ("Origin", origin), ("Access-Control-Request-Headers", "authorization"));
        using var response = await gateway.GetAsync("studies", null, ("Origin", origin));

        Assert.Equal(HttpStatusCode.OK, preflight.StatusCode);
        Assert.Equal(allowed, preflight.Headers.TryGetValues("Access-Control-Allow-Origin", out var before) ? before.Single() : null);
        Assert.Equal(allowed, response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null);
        if (allowed is not null) Assert.Equal("authorization", preflight.Headers.GetValues("Access-Control-Allow-Headers").Single());
    }

    [Fact]
    public async Task Policies_see_what_is_asked_for()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, middleware: "\"rules\", \"bridge\"", more: """
            [middleware.rules]
            type = "policies"
            [middleware.rules.options]
            policies = ["p"]
            [policies.p]
            id = "p"
            name = "p"
            rules = ["all", "no_vip", "no_download"]
            [rules.all]
            id = "all"
            name = "all"
            type = "allow_all"
            [rules.no_vip]
            id = "no_vip"
            name = "no_vip"
            type = "metadata"
            options = { mode = "deny", metadata = [{ name = "dicomweb.query.PatientID", match_type = "exact", value = "VIP" }] }
            [rules.no_download]
            id = "no_download"
            name = "no_download"
            type = "metadata"
            options = { mode = "deny", metadata = [{ name = "dicomweb.service", match_type = "exact", value = "retrieve" }, { name = "dicomweb.study", match_type = "exact", value = "1.2" }] }
            """);

        using var search = await gateway.GetAsync("studies?PatientID=PAT1");
        using var vip = await gateway.GetAsync("studies?00100020=VIP");
        using var download = await gateway.GetAsync("studies/1.2/series/1.2.1/instances/1.2.1.1");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (search.StatusCode, vip.StatusCode, download.StatusCode));
        Assert.Equal(0, pacs.Gets);
    }

    private static string Toml(string server) => $"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [pipelines.web]
        networks = ["main"]
        endpoints = ["web"]
        backends = ["server"]
        [endpoints.web]
        service = "dicomweb"
        [endpoints.web.options]
        path_prefix = "/dicomweb"
        [backends.server]
        service = "dicomweb"
        [backends.server.options]
        base_url = "{server}"
        server_urls = ["https://pacs.internal/rs"]
        """;
}
