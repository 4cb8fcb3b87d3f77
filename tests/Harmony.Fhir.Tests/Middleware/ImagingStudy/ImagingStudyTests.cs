using System.Text.Json.Nodes;
using Harmony.Fhir.Middleware.FhirValidate;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Harmony.Testing.Requirements;

namespace Harmony.Fhir.Tests.Middleware.ImagingStudy;

/// <summary>ImagingStudy of an archive: <c>fhir</c> endpoint, <c>imaging_study</c>, <c>dicom_scu</c>, Orthanc.</summary>
public sealed class ImagingStudyTests
{
    [PeerFact(OrthancPeer.Program)]
    public async Task Search_IsASearchsetOfTheArchive_AndARead_HasTheSeries()
    {
        await using var pacs = await OrthancPeer.StartAsync("ORTHANC");
        var folder = Directory.CreateTempSubdirectory("harmony-imaging-study-");
        await pacs.ImportAsync(await TestObjects.WriteAsync(folder.FullName, "1.2.3.3"));
        folder.Delete(recursive: true);
        await using var gateway = await StartAsync("""
            service = "dicom_scu"
            connection = { host = "127.0.0.1", port = PORT, protocol = "dicom" }
            options = { aet = "ORTHANC" }
            """.Replace("PORT", $"{pacs.DicomPort}", StringComparison.Ordinal));
        using var client = TestClient.Http1(gateway.Url);

        var bundle = JsonNode.Parse(await client.GetStringAsync("/fhir/ImagingStudy?patient=Patient/P-1&modality=CT&started=ge2024-01-01&started=lt2025"))!;
        var study = JsonNode.Parse(await client.GetStringAsync("/fhir/ImagingStudy/1.2.3.1"))!;
        using var absent = await client.GetAsync("/fhir/ImagingStudy/1.2.3.99");
        var nobody = JsonNode.Parse(await client.GetStringAsync("/fhir/ImagingStudy?patient=P-2"))!;
        var later = JsonNode.Parse(await client.GetStringAsync("/fhir/ImagingStudy?started=gt2024-01-02"))!;

        Assert.Equal((1, "searchset"), (bundle["total"]!.GetValue<int>(), bundle["type"]!.ToString()));
        Assert.Equal($"{gateway.Url}fhir/ImagingStudy?patient=Patient%2FP-1&modality=CT&started=ge2024-01-01&started=lt2025",
            bundle["link"]![0]!["url"]!.ToString());
        var found = bundle["entry"]![0]!["resource"]!;
        Assert.Equal(("1.2.3.1", "urn:oid:1.2.3.1", "Patient/P-1", "2024-01-02"), (found["id"]!.ToString(), found["identifier"]![0]!["value"]!.ToString(),
            found["subject"]!["reference"]!.ToString(), found["started"]!.ToString()[..10]));
        Assert.Equal("CT", found["modality"]![0]!["code"]!.ToString());
        Assert.Equal("https://gateway.example.org/dicomweb", found["contained"]![0]!["address"]!.ToString());
        Assert.Equal(("1.2.3.2", "CT"), (study["series"]![0]!["uid"]!.ToString(), study["series"]![0]!["modality"]!["code"]!.ToString()));
        Assert.Equal(404, (int)absent.StatusCode);
        Assert.Equal(0, nobody["total"]!.GetValue<int>());
        Assert.Equal(0, later["total"]!.GetValue<int>());
        var engine = new ProfileEngine(null, Array.Empty<string>().ToLookup(p => p));
        foreach (var resource in new[] { bundle, study, nobody })
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(resource.ToJsonString());
            Assert.Empty(ShapeRules.Check(bytes, 20));
            Assert.Empty(await engine.ValidateAsync(bytes, isXml: false, 20, CancellationToken.None));
        }
    }

    [Theory]
    [InlineData("/ImagingStudy?ssn=1", 400)]
    [InlineData("/ImagingStudy?patient=*", 400)]
    [InlineData("/ImagingStudy?patient=1,2", 400)]
    [InlineData("/ImagingStudy?patient=1&patient=2", 400)]
    [InlineData("/ImagingStudy?started=yesterday", 400)]
    [InlineData("/ImagingStudy?patient.identifier=urn:other|1", 400)]
    [InlineData("/ImagingStudy?_count=-1", 400)]
    [InlineData("/Patient/1", 404)]
    [InlineData("/ImagingStudy?patient=1", 502)]
    public async Task WhatTheArchiveCannotBeAsked_IsAnOperationOutcome(string path, int status)
    {
        await using var gateway = await StartAsync($$"""
            service = "dicom_scu"
            max_retries = 0
            connection = { host = "127.0.0.1", port = {{FreePort.Take()}}, protocol = "dicom" }
            options = { aet = "NOBODY" }
            """);
        using var client = TestClient.Http1(gateway.Url);

        using var response = await client.GetAsync("/fhir" + path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("OperationOutcome", JsonNode.Parse(await response.Content.ReadAsStringAsync())!["resourceType"]!.ToString());
    }

    [Fact]
    public async Task Pages_AreLinked_InOneOrder()
    {
        await using var gateway = await StartAsync("service = \"mock_dicom\"");
        using var client = TestClient.Http1(gateway.Url);

        var first = JsonNode.Parse(await client.GetStringAsync("/fhir/ImagingStudy?_count=1"))!;
        var none = JsonNode.Parse(await client.GetStringAsync("/fhir/ImagingStudy?_count=0"))!;
        var behind = JsonNode.Parse(await client.GetStringAsync("/fhir/ImagingStudy?_count=1&_offset=1"))!;

        Assert.Equal(1, first["total"]!.GetValue<int>());
        Assert.Single(first["entry"]!.AsArray());
        Assert.Null(none["entry"]);
        Assert.Equal(
            $"{gateway.Url}fhir/ImagingStudy?_count=1", behind["link"]!.AsArray().Single(l => l!["relation"]!.ToString() == "previous")!["url"]!.ToString());
    }

    private static Task<TestGateway> StartAsync(string backend) => new FhirConfig(backend)
    {
        Middleware = "[\"studies\"]",
        Tables = """
            [middleware.studies]
            type = "imaging_study"
            [middleware.studies.options]
            patient_system = "urn:mrn"
            dicomweb_url = "https://gateway.example.org/dicomweb"
            time_zone = "Europe/Berlin"
            """,
    }.StartAsync();
}
