using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Services.DicomWeb;

/// <summary>Requests as real clients send them, letter for letter, and what each of them can read.</summary>
public sealed class ClientShapesTests
{
    private const string Series = "studies/1.2/series/1.2.1";
    private const string Instance = Series + "/instances/1.2.1.1";
    private const string Json = "application/dicom+json";
    private const string Parts = "multipart/related";
    private const string Octets = "multipart/related; type=application/octet-stream; transfer-syntax=*";

    [Theory]
    [InlineData("OHIF", "studies?PatientName=*rg*&00100020=*AT*&limit=101&offset=0&fuzzymatching=false&includefield=00081030,00080060,00080090,00100030", Json,
        200, Json)]
    [InlineData("OHIF", "studies?StudyInstanceUID=1.2%5C1.3&includefield=00081030", Json, 200, Json)]
    [InlineData(
        "OHIF", "studies/1.2/series?includefield=0008103E,00080021", "application/dicom+json, multipart/related; type=application/octet-stream", 200, Json)]
    [InlineData("OHIF", Series + "/metadata", "application/dicom+json, " + Octets, 200, Json)]
    [InlineData("cornerstone", Instance + "/frames/1", Octets, 200, Parts)]
    [InlineData("OHIF", Instance + "/frames/1", "multipart/related; type=\"image/jls\"; transfer-syntax=\"1.2.840.10008.1.2.4.80\"; transfer-syntax=\"*\"",
        200, Parts)]
    [InlineData("OHIF", Instance + "/frames/1?accept=multipart/related;type=application/octet-stream;transfer-syntax=*", "text/html", 200, Parts)]
    [InlineData("OHIF", Series + "/rendered?accept=image/jpeg", Octets, 200, "image/jpeg")]
    [InlineData("OHIF", Instance + "/rendered?viewport=256,256", "image/jpeg", 200, "image/jpeg")]
    [InlineData("OHIF", Series + "/instances?limit=1&includefield=00080018", Json, 200, Json)]
    [InlineData("dicomweb-client", Instance + "/bulkdata/7FE00010", "multipart/related; type=\"application/octet-stream\"", 200, Parts)]
    [InlineData("dicomweb-client", Instance, "multipart/related; type=\"application/dicom\"; transfer-syntax=1.2.840.10008.1.2.1", 200, Parts)]
    [InlineData("dicomweb-client", "?requestType=WADO&studyUID=1.2&seriesUID=1.2.1&objectUID=1.2.1.1&contentType=application/dicom&transferSyntax=*", null, 200,
        "application/dicom")]
    [InlineData("Python", "studies?limit=1&offset=0", "application/dicom+json, application/json", 200, Json)]
    [InlineData("Python, the page behind the last", "studies?limit=1&offset=1", "application/dicom+json, application/json", 204, null)]
    [InlineData("Weasis", "studies?00100020=PAT1&00100021=&includefield=00080020,00080030,00080050,00080061,00080090,00081030,00100010,00100030,00100040,0020000D,00200010", Json, 200, Json)]
    [InlineData("Weasis", "studies/1.2/series?includefield=0008103E,00081190", Json, 200, Json)]
    [InlineData("Weasis", "series?0020000E=1.2.1&includefield=00201209", Json, 200, Json)]
    [InlineData("Weasis", Series + "/instances?limit=1&offset=1", Json, 200, Json)]
    [InlineData("Weasis, the page behind the last", Series + "/instances?limit=1&offset=2", Json, 204, null)]
    [InlineData("Weasis", Series + "/thumbnail?viewport=256%2C256", "*/*", 200, "image/jpeg")]
    [InlineData("Weasis", Series, "multipart/related;type=\"application/dicom\";transfer-syntax=*", 200, Parts)]
    [InlineData("Orthanc", "studies/1.2", "multipart/related; type=\"application/dicom\"; transfer-syntax=*", 200, Parts)]
    [InlineData("dcm4che wadors", "studies/1.2?accept=multipart/related;type=application/dicom;transfer-syntax=*", null, 200, Parts)]
    [InlineData("Google's adapter", Instance, "application/dicom; transfer-syntax=*", 200, "application/dicom")]
    [InlineData("nobody says what", Instance, null, 200, Parts)]
    [InlineData("CP-2040", "studies/1.2/bulkdata", "*/*", 200, Parts)]
    [InlineData("CP-2040", Series + "/pixeldata", "*/*", 200, Parts)]
    public async Task What_clients_ask_for(string client, string path, string? accept, int status, string? type)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync(path, accept);

        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.True((int)response.StatusCode == status, $"{client}: {(int)response.StatusCode} {Encoding.UTF8.GetString(body)}");
        if (type == Parts) AssertParts(response.Content.Headers.ContentType!, body);
        else if (type == "application/dicom") Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        else Assert.Equal(type, response.Content.Headers.ContentType?.ToString());
    }

    /// <summary>
    /// What clients send besides the bodies of <c>WebStoreTests</c>: dcm4che and Weasis want the report in XML, Python compares the media type as a string.
    /// </summary>
    [Theory]
    [InlineData("application/dicom+xml", "application/dicom+xml")]
    [InlineData("application/dicom+json", Json)]
    [InlineData(null, Json)]
    public async Task Reports_of_storing_are_what_clients_read(string? accept, string type)
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.StoreAsync("studies", accept, await WebGateway.FileOf(TestObjects.Ct("1.2.3.3.1")));

        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType!.ToString()));
        Assert.Equal(1, pacs.Objects.Count);
    }

    [Fact]
    public async Task Chunked_bodies_that_wait_for_100_are_stored()
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);
        using var content = new StreamContent(new MemoryStream(await WebGateway.FileOf(TestObjects.Ct("1.2.3.3.1"))));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/dicom");

        using var response = await gateway.SendAsync(HttpMethod.Post, "studies", content, null, ("Expect", "100-continue"), ("Transfer-Encoding", "chunked"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, pacs.Objects.Count);
    }

    [Fact]
    public async Task What_is_posted_to_the_root_is_told_where_to_go()
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.StoreAsync("", null, await WebGateway.FileOf(TestObjects.Ct("1.2.3.3.1")));

        Assert.InRange((int)response.StatusCode, 404, 405);
        Assert.Contains("/studies", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, pacs.Objects.Count);
    }

    /// <summary>More kinds of objects than an association has room for: what is there is asked first, so that nothing is missing.</summary>
    [Fact]
    public async Task Study_of_many_kinds_is_retrieved_whole()
    {
        await using var pacs = FakePacs.Start();
        string[] kinds = [Uid.CTImageStorage, Uid.MRImageStorage, Uid.SecondaryCaptureImageStorage, Uid.BasicTextSRStorage, Uid.EncapsulatedPDFStorage];
        for (var i = 0; i < kinds.Length; i++)
        {
            var made = TestObjects.Ct($"1.2.3.3.{i + 1}").ToBuilder().Set(DicomTag.SOPClassUID, kinds[i]).Build();
            pacs.Objects.Add(made, made);
        }

        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);
        using var response = await gateway.GetAsync("studies/1.2.3.1");

        Assert.Equal(kinds.Length, (await WebGateway.PartsAsync(response)).Count);
    }

    /// <summary>Nothing before the first boundary; each part says which transfer syntax it is in, within the first thousand bytes.</summary>
    private static void AssertParts(MediaTypeHeaderValue type, byte[] body)
    {
        Assert.Equal(Parts, type.MediaType);
        var boundary = type.Parameters.Single(p => p.Name == "boundary").Value!.Trim('"');
        var text = Encoding.Latin1.GetString(body);
        Assert.StartsWith($"--{boundary}\r\n", text, StringComparison.Ordinal);
        var parts = text.Split($"--{boundary}\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(parts);
        foreach (var part in parts)
        {
            var end = part.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            Assert.InRange(end, 1, 999);
            Assert.Contains("Content-Type: ", part[..end], StringComparison.Ordinal);
            Assert.Contains("transfer-syntax=", part[..end], StringComparison.Ordinal);
        }
    }
}
