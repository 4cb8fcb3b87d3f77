using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Dimse;
using Harmony.Imaging.Tests.Services.DicomWeb;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Middleware.DicomWebBridge;

/// <summary>STOW-RS in front of a system of the test's: what clients send, and what they are told of each object.</summary>
public sealed class WebStoreTests
{
    [Fact]
    public async Task Objects_are_stored_and_each_has_its_result()
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);
        var good = await WebGateway.FileOf(TestObjects.Ct("1.2.3.3"));

        using var all = await gateway.StoreAsync("studies", null, good);
        using var some = await gateway.StoreAsync("studies", "application/dicom+xml", good, Encoding.ASCII.GetBytes("garbage"));
        using var none = await gateway.StoreAsync("studies/9.9", null, good, Encoding.ASCII.GetBytes("garbage"));

        var report = JsonNode.Parse(await all.Content.ReadAsStringAsync())!;
        Assert.Equal(HttpStatusCode.OK, all.StatusCode);
        Assert.Equal("application/dicom+json", all.Content.Headers.ContentType!.ToString());
        Assert.Equal($"{gateway.BaseUrl}/studies/1.2.3.1", (string)report["00081190"]!["Value"]![0]!);
        Assert.Equal("1.2.3.3", (string)report["00081199"]!["Value"]![0]!["00081155"]!["Value"]![0]!);
        Assert.Equal((HttpStatusCode.Accepted, "application/dicom+xml"), (some.StatusCode, some.Content.Headers.ContentType!.ToString()));
        var partly = Harmony.Dicom.Xml.NativeXmlReader.Read(await some.Content.ReadAsByteArrayAsync());
        Assert.Single(partly.GetItems(DicomTag.ReferencedSOPSequence));
        Assert.Equal(0xC000, Assert.Single(partly.GetItems(DicomTag.FailedSOPSequence)).GetInt32(DicomTag.FailureReason));
        Assert.Equal(HttpStatusCode.Conflict, none.StatusCode);
        Assert.Equal(2, JsonNode.Parse(await none.Content.ReadAsStringAsync())!["00081198"]!["Value"]!.AsArray().Count);
        Assert.Equal(1, pacs.Objects.Count);
    }

    [Theory]
    [InlineData("multipart/related; type=application/dicom; boundary=x", "\r\n--x\r\nContent-Type: application/dicom\r\n\r\n", "\r\n--x--", 200)]
    [InlineData("multipart/related; type=\"application/dicom\"; boundary=\"x\"; transfer-syntax=*",
        "--x\r\nContent-Type: application/dicom; transfer-syntax=1.2.840.10008.1.2.1\r\n\r\n", "\r\n--x--\r\n", 200)]
    [InlineData("multipart/related;type=\"application/dicom\";boundary=x", "--x\r\n\r\n", "\r\n--x--", 200)]
    [InlineData("application/dicom", "", "", 200)]
    [InlineData("multipart/related; type=application/dicom", "--x\r\n\r\n", "\r\n--x--", 400)]
    [InlineData("multipart/related; type=application/dicom; boundary=y", "--x\r\n\r\n", "\r\n--x--", 400)]
    [InlineData("multipart/related; type=\"text/plain\"; boundary=x", "--x\r\n\r\n", "\r\n--x--", 415)]
    [InlineData("text/plain", "", "", 415)]
    [InlineData(null, "", "", 415)]
    public async Task What_clients_send_is_understood(string? contentType, string before, string after, int expected)
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);
        var content = new ByteArrayContent(
            [.. Encoding.ASCII.GetBytes(before), .. await WebGateway.FileOf(TestObjects.Ct("1.2.3.3")), .. Encoding.ASCII.GetBytes(after)]);
        if (contentType is not null) content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        using var response = await gateway.SendAsync(HttpMethod.Post, "studies", content, null, ("Expect", "100-continue"));

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Equal(expected == 200 ? 1 : 0, pacs.Objects.Count);
    }

    /// <summary>dcm4che's stowrs sends metadata and bulk data.</summary>
    [Theory]
    [InlineData("application/dicom+json")]
    [InlineData("application/dicom+xml")]
    public async Task Metadata_and_bulk_data_become_an_object(string type)
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);
        var image = TestObjects.Ct("1.2.3.3");
        Assert.True(image.TryGet<DicomValue>(DicomTag.PixelData, out var pixels));
        byte[] metadata;
        if (type.EndsWith("json", StringComparison.Ordinal))
        {
            metadata = Harmony.Dicom.Json.DicomJsonWriter.ToUtf8(
                image, new Harmony.Dicom.Json.DicomJsonWriterOptions { BulkDataUri = (_, e) => e.Tag == DicomTag.PixelData ? "bulk/1" : null });
        }
        else
        {
            using var stream = new MemoryStream();
            using (var writer = System.Xml.XmlWriter.Create(stream))
            {
                Harmony.Dicom.Xml.NativeXmlWriter.Write(writer, image, e => e.Tag == DicomTag.PixelData ? "bulk/1" : null);
            }

            metadata = stream.ToArray();
        }

        var content = new ByteArrayContent([.. Encoding.ASCII.GetBytes($"\r\n--myboundary\r\nContent-Type: {type}\r\n\r\n"), .. metadata,
            .. Encoding.ASCII.GetBytes("\r\n--myboundary\r\nContent-Type: application/octet-stream\r\nContent-Location: bulk/1\r\n\r\n"),
            .. pixels.Bytes.Span, .. Encoding.ASCII.GetBytes("\r\n--myboundary--")]);
        content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/related; type=\"{type}\"; boundary=myboundary");

        using var response = await gateway.SendAsync(HttpMethod.Post, "studies", content);

        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        var stored = Assert.Single(
            pacs.Objects.Select(Harmony.Dicom.Query.QueryLevel.Study, new DicomDataSetBuilder().Set(DicomTag.StudyInstanceUID, "1.2.3.1").Build())).Item;
        Assert.True(stored.TryGet<DicomValue>(DicomTag.PixelData, out var arrived));
        Assert.Equal(pixels.Bytes.ToArray(), arrived.Bytes.ToArray());
    }

    [Fact]
    public async Task A_system_that_is_full_says_so_of_each_object()
    {
        await using var pacs = FakePacs.Start(new FakePacsSettings { Answers = new DimseResult(DimseStatus.OutOfResources) });
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.StoreAsync("studies", null, await WebGateway.FileOf(TestObjects.Ct("1.2.3.3")));

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal(0xA700, (int)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["00081198"]!["Value"]![0]!["00081197"]!["Value"]![0]!);
    }
}
