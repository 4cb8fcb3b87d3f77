using System.Net;
using System.Text.Json.Nodes;
using Harmony.Dicom.Data;
using Harmony.Imaging.Tests.Services.DicomWeb;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Middleware.DicomWebBridge;

/// <summary>WADO-RS metadata, and the bulk data to which they refer.</summary>
public sealed class WebMetadataTests
{
    private const string Instance = "studies/1.2/series/1.2.1/instances/1.2.1.1";

    [Fact]
    public async Task Metadata_refer_to_pixel_data_which_can_be_had_in_ranges()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        var metadata = Assert.Single(
            await gateway.JsonAsync($"{Instance}/metadata", "application/dicom+json, multipart/related; type=application/octet-stream; transfer-syntax=*"))!;
        var uri = (string)metadata["7FE00010"]!["BulkDataURI"]!;
        using var whole = await gateway.Client.GetAsync(uri);
        using var part = await gateway.GetAsync(uri[(gateway.BaseUrl.Length + 1)..], null, ("Range", "bytes=10-19"));
        using var none = await gateway.GetAsync(uri[(gateway.BaseUrl.Length + 1)..], null, ("Range", "bytes=5000-"));
        using var parts = await gateway.GetAsync(uri[(gateway.BaseUrl.Length + 1)..], "multipart/related; type=application/octet-stream");

        Assert.Equal($"{gateway.BaseUrl}/{Instance}/bulkdata/7FE00010", uri);
        Assert.Equal((HttpStatusCode.OK, 2048), (whole.StatusCode, (await whole.Content.ReadAsByteArrayAsync()).Length));
        Assert.Equal((HttpStatusCode.PartialContent, 10), (part.StatusCode, (await part.Content.ReadAsByteArrayAsync()).Length));
        Assert.Equal("bytes 10-19/2048", part.Content.Headers.ContentRange!.ToString());
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, none.StatusCode);
        Assert.Equal(2048, Assert.Single(await WebGateway.PartsAsync(parts)).Content.Length);
    }

    [Theory]
    [InlineData("studies/1.2/metadata", 4)]
    [InlineData("studies/1.2/series/1.2.1/metadata", 2)]
    public async Task Metadata_of_many(string path, int expected)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        Assert.Equal(expected, (await gateway.JsonAsync(path)).Count);
    }

    [Theory]
    [InlineData("studies")]
    [InlineData(Instance + "/metadata")]
    public async Task Xml_where_it_is_wanted(string path)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync(path, "multipart/related; type=\"application/dicom+xml\"");
        var part = Assert.Single(await WebGateway.PartsAsync(response));

        Assert.Equal("application/dicom+xml", part.ContentType);
        Assert.Equal("1.2", Harmony.Dicom.Xml.NativeXmlReader.Read(part.Content).GetString(DicomTag.StudyInstanceUID));
    }

    [Fact]
    public async Task Conditional_requests_and_HEAD()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);
        using var first = await gateway.GetAsync($"{Instance}/metadata");
        var tag = first.Headers.ETag!.ToString();

        using var same = await gateway.GetAsync($"{Instance}/metadata", null, ("If-None-Match", tag));
        using var head = await gateway.SendAsync(HttpMethod.Head, $"{Instance}/bulkdata/7FE00010", null);

        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal((HttpStatusCode.OK, 2048L), (head.StatusCode, head.Content.Headers.ContentLength));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Json_is_compressed_for_who_takes_it(string coding)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync("studies/1.2/metadata", null, ("Accept-Encoding", coding));
        await using var body = await response.Content.ReadAsStreamAsync();
        await using var plain = coding == "gzip"
            ? (Stream)new System.IO.Compression.GZipStream(body, System.IO.Compression.CompressionMode.Decompress)
            : new System.IO.Compression.BrotliStream(body, System.IO.Compression.CompressionMode.Decompress);

        Assert.Equal(coding, Assert.Single(response.Content.Headers.ContentEncoding));
        Assert.Equal(4, (await JsonNode.ParseAsync(plain))!.AsArray().Count);
    }
}
