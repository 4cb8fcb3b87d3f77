using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Dicom.Data;
using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Imaging.Tests.Services.DicomWeb;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Middleware.DicomWebBridge;

/// <summary>DICOMweb in front of a system of the test's: what is asked of it, and what becomes of its answers.</summary>
public sealed class BridgeTests
{
    private const string Series = "studies/1.2/series/1.2.1";
    private const string Instance = "studies/1.2/series/1.2.1/instances/1.2.1.1";

    [Fact]
    public async Task Studies_are_found()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        var study = (JsonObject)Assert.Single(await gateway.JsonAsync("studies?PatientID=PAT1&includefield=00081030"))!;

        Assert.Equal("1.2", (string)study["0020000D"]!["Value"]![0]!);
        Assert.Equal("Müller^Jörg", (string)study["00100010"]!["Value"]![0]!["Alphabetic"]!);
        Assert.Equal("ISO_IR 192", (string)study["00080005"]!["Value"]![0]!);
        Assert.Equal($"{gateway.BaseUrl}/studies/1.2", (string)study["00081190"]!["Value"]![0]!);
        Assert.Equal(4, (int)study["00201208"]!["Value"]![0]!);
        Assert.Null(study["00081030"]!["Value"]); // an element without a value has no member of that name
        Assert.Null(study["00080052"]);
    }

    [Fact]
    public async Task Nothing_is_204()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync("studies?PatientID=NOBODY");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Theory]
    [InlineData("studies/1.2/series", 2)]
    [InlineData("studies/1.2/instances", 4)]
    [InlineData("studies/1.2/series/1.2.1/instances", 2)]
    [InlineData("series", 2)]
    [InlineData("series?PatientID=PAT1", 2)]
    [InlineData("series?SeriesInstanceUID=1.2.2", 1)]
    [InlineData("instances", 4)]
    [InlineData("instances?SOPInstanceUID=1.2.1.1", 1)]
    [InlineData("instances?PatientID=PAT1&Modality=CT", 4)]
    [InlineData("studies/1.2/series?Modality=MR", 0)]
    [InlineData("studies?StudyInstanceUID=1.2%5C1.3", 1)]
    [InlineData("studies?StudyInstanceUID=1.2,1.3&", 1)]
    [InlineData("instances?limit=3", 3)]
    [InlineData("instances?limit=3&offset=2", 2)]
    [InlineData("instances?limit=0", 0)]
    public async Task Searches_at_every_level(string path, int expected)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        if (expected == 0)
        {
            using var response = await gateway.GetAsync(path);
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            return;
        }

        var found = await gateway.JsonAsync(path);
        Assert.Equal(expected, found.Count);
        Assert.All(found, f => Assert.StartsWith($"{gateway.BaseUrl}/studies/1.2", (string)f!["00081190"]!["Value"]![0]!, StringComparison.Ordinal));
    }

    /// <summary>A system with matches without end is cancelled when enough has come.</summary>
    [Fact]
    public async Task A_limit_cancels_the_query_and_warns()
    {
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { FindsForEver = true });
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync("studies?limit=25&offset=5");

        Assert.Equal(25, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsArray().Count);
        Assert.Contains("Additional results", Assert.Single(response.Headers.GetValues("Warning")), StringComparison.Ordinal);
        await Guard.UntilAsync(() => pacs.Cancelled > 0);
    }

    [Fact]
    public async Task What_is_not_supported_is_a_warning_and_what_is_wrong_is_refused()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var fuzzy = await gateway.GetAsync("studies?fuzzymatching=true&orderby=x");
        using var wrong = await gateway.GetAsync("studies?PatinetID=PAT1");

        Assert.Equal(2, fuzzy.Headers.GetValues("Warning").Count());
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("PatinetID", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("studies/1.2", 4)]
    [InlineData("studies/1.2/series/1.2.1", 2)]
    [InlineData("studies/1.2/series/1.2.1/instances/1.2.1.1", 1)]
    public async Task Objects_are_retrieved(string path, int expected)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync(path, "multipart/related;type=\"application/dicom\";transfer-syntax=*");
        var parts = await WebGateway.PartsAsync(response);

        Assert.Equal(expected, parts.Count);
        Assert.Equal("application/dicom", response.Content.Headers.ContentType!.Parameters.Single(p => p.Name == "type").Value!.Trim('"'));
        Assert.All(parts, p =>
        {
            var file = DicomFile.Read(p.Content);
            Assert.Equal($"application/dicom; transfer-syntax={file.TransferSyntax.Uid}", p.ContentType);
            Assert.Equal(2048, TestPixels(file));
        });
    }

    [Theory]
    [InlineData("application/dicom")]
    [InlineData("application/dicom; transfer-syntax=*")] // Google's adapter
    [InlineData("application/dicom, image/jpeg")]
    public async Task One_object_may_be_the_whole_body(string accept)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync(Instance, accept);

        Assert.Equal("application/dicom", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("1.2.1.1", DicomFile.Read(await response.Content.ReadAsByteArrayAsync()).DataSet.GetString(DicomTag.SOPInstanceUID));
    }

    [Theory]
    [InlineData(Instance, "multipart/related; type=\"application/dicom\"; transfer-syntax=1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.1")]
    [InlineData(Instance, "text/html", "application/dicom")]
    [InlineData(Instance + "/frames/1", "image/jpeg", "application/octet-stream")]
    [InlineData(Instance + "/rendered", "text/html", "image/jpeg")]
    [InlineData("studies", "text/csv", "application/dicom+json")]
    public async Task What_cannot_be_given_is_406_with_what_can(string path, string accept, string given)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync(path, accept);

        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
        Assert.Contains(given, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_refer_to_pixel_data_which_can_be_had_in_ranges()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        var metadata = Assert.Single(await gateway.JsonAsync($"{Instance}/metadata", "application/dicom+json, multipart/related; type=application/octet-stream; transfer-syntax=*"))!;
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
    public async Task Frames_are_counted_from_one()
    {
        await using var pacs = FakePacs.Start();
        var image = TestObjects.Ct("1.2.3.3", pixels: 1536).ToBuilder().Set(DicomTag.NumberOfFrames, 3).Set(DicomTag.Rows, 16).Build();
        pacs.Objects.Add(image, image);
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);
        const string Frames = "studies/1.2.3.1/series/1.2.3.2/instances/1.2.3.3/frames";

        using var two = await gateway.GetAsync($"{Frames}/3,1", "multipart/related; type=application/octet-stream; transfer-syntax=*");
        using var one = await gateway.GetAsync($"{Frames}/2", "application/octet-stream");
        using var beyond = await gateway.GetAsync($"{Frames}/4");

        Assert.True(image.TryGet<DicomValue>(DicomTag.PixelData, out var pixels));
        Assert.Equal([pixels.Bytes[1024..].ToArray(), pixels.Bytes[..512].ToArray()], (await WebGateway.PartsAsync(two)).Select(p => p.Content));
        Assert.Equal(pixels.Bytes[512..1024].ToArray(), await one.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.NotFound, beyond.StatusCode);
        Assert.Contains("3 frames", await beyond.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("studies/9.9")]
    [InlineData("studies/9.9/metadata")]
    [InlineData("studies/1.2/series/9.9")]
    [InlineData("studies/1.2/series/1.2.1/instances/9.9")]
    [InlineData("studies/1.2/series/1.2.1/instances/9.9/frames/1")]
    [InlineData(Instance + "/bulkdata/00880200")]
    public async Task What_is_not_there_is_404(string path)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    /// <summary>However many ask for something of a series, the system is asked once, and not again for a while.</summary>
    [Theory]
    [InlineData("series", 1)]
    [InlineData("none", 2)]
    public async Task One_retrieval_for_all(string prefetch, int expected)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, $"prefetch = \"{prefetch}\"");

        for (var round = 0; round < 2; round++)
        {
            var responses = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => gateway.GetAsync((i % 4) switch
            {
                0 => $"{Series}/instances/1.2.1.1/metadata",
                1 => $"{Series}/instances/1.2.1.2/bulkdata/7FE00010",
                2 => $"{Series}/instances/1.2.1.1",
                _ => $"{Series}/instances/1.2.1.2",
            })));
            foreach (var response in responses)
            {
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.NotEmpty(await response.Content.ReadAsByteArrayAsync());
                response.Dispose();
            }
        }

        Assert.Equal(expected, pacs.Gets);
    }

    /// <summary>The first object leaves before the second has come.</summary>
    [Fact]
    public async Task Parts_stream_and_a_client_that_goes_has_the_retrieval_cancelled()
    {
        var second = Guard.NewSignal();
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { ObjectGate = i => i == 0 ? Task.CompletedTask : second.Task });
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using (var response = await gateway.GetAsync(Series))
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[2048], Guard.Token);
            Assert.Equal(0, pacs.GetsCancelled);
        }

        await Guard.UntilAsync(() => pacs.GetsCancelled > 0);
        second.SetResult();
        using var again = await gateway.GetAsync(Series);
        Assert.Equal(2, (await WebGateway.PartsAsync(again)).Count);
    }

    /// <summary>What failed after the status was sent is broken off, so that nobody takes part of a study for the whole.</summary>
    [Fact]
    public async Task A_system_that_fails_in_the_middle_has_the_response_reset()
    {
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { FailsObject = 1 });
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync(Series);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsByteArrayAsync(Guard.Token));
    }

    [Fact]
    public async Task A_system_without_CGET_is_asked_for_a_move()
    {
        var port = FreePort.Take();
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { Gets = false, Destination = new DicomPeer("127.0.0.1", port, "HARMONY_SCU", "PACS") });
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, scu: $"incoming_store_port = {port}");

        using var response = await gateway.GetAsync("studies/1.2");

        Assert.Equal(4, (await WebGateway.PartsAsync(response)).Count);
    }

    [Fact]
    public async Task A_system_that_lets_two_in_serves_forty_or_asks_them_to_wait()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, "prefetch = \"none\"", "max_associations = 2");

        var responses = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => gateway.GetAsync($"studies/1.2/series/1.2.{1 + (i % 2)}/instances/1.2.{1 + (i % 2)}.{1 + (i / 2 % 2)}")));

        Assert.All(responses, r => Assert.True(r.StatusCode == HttpStatusCode.OK || (r.StatusCode == HttpStatusCode.ServiceUnavailable && r.Headers.RetryAfter is not null), $"{r.StatusCode}"));
    }

    [Fact]
    public async Task A_system_that_lets_nobody_in_is_503_or_502()
    {
        await using var busy = FakePacs.Start(new FakePacsSettings { Rejects = _ => Harmony.Dicom.Network.Pdus.AssociationRejection.LocalLimitExceeded });
        await using var gateway = await WebGateway.BridgeAsync(busy.Port, scu: "max_retries = 1");
        await using var gone = await WebGateway.BridgeAsync(FreePort.Take(), scu: "max_retries = 0");

        using var later = await gateway.GetAsync("studies");
        using var never = await gone.GetAsync("studies/1.2");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, later.StatusCode);
        Assert.NotNull(later.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.BadGateway, never.StatusCode);
        Assert.Equal("application/problem+json", never.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_series_larger_than_the_cache_passes_through()
    {
        await using var pacs = FakePacs.Start();
        for (var i = 1; i <= 20; i++) pacs.Add("P", "1.2", "1.2.1", $"1.2.1.{i}");
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, scu: "retrieval_cache_bytes = 5000");

        using var response = await gateway.GetAsync("studies/1.2");
        using var again = await gateway.GetAsync("studies/1.2");

        Assert.Equal(20, (await WebGateway.PartsAsync(response)).Count);
        Assert.Equal(20, (await WebGateway.PartsAsync(again)).Count);
    }

    [Theory]
    [InlineData(Instance + "/rendered", "image/jpeg", "image/jpeg")]
    [InlineData(Instance + "/rendered?accept=image/png", "multipart/related; type=application/octet-stream; transfer-syntax=*", "image/png")] // the query goes over the header
    [InlineData(Instance + "/rendered?viewport=16,16&window=100,200,linear&quality=50", null, "image/jpeg")]
    [InlineData(Instance + "/thumbnail?viewport=256,256", "image/jpeg", "image/jpeg")]
    [InlineData(Instance + "/frames/1/rendered", "image/gif", "image/gif")]
    [InlineData(Series + "/rendered", null, "image/jpeg")]
    [InlineData("studies/1.2/thumbnail", "*/*", "image/jpeg")]
    public async Task Images_for_browsers(string path, string? accept, string expected)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync(path, accept);

        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, Encoding.UTF8.GetString(bytes));
        Assert.Equal(expected, response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(expected switch { "image/png" => 0x89, "image/gif" => 0x47, _ => 0xFF }, bytes[0]);
    }

    [Theory]
    [InlineData("/rendered?viewport=0,5")]
    [InlineData("/rendered?window=1")]
    [InlineData("/rendered?quality=101")]
    public async Task Malformed_wishes_for_images_are_400(string path)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync(Instance + path);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("multipart/related; type=\"image/jls\"; transfer-syntax=1.2.840.10008.1.2.4.80", "image/jls; transfer-syntax=1.2.840.10008.1.2.4.80")]
    [InlineData("multipart/related; type=\"image/dicom-rle\"; transfer-syntax=1.2.840.10008.1.2.5", "image/dicom-rle; transfer-syntax=1.2.840.10008.1.2.5")]
    public async Task Frames_in_another_transfer_syntax_without_loss(string accept, string expected)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync(Instance + "/frames/1", accept);

        if (response.StatusCode == HttpStatusCode.NotAcceptable)
        {
            // Without the system library the answer names its package.
            Assert.Contains("lib", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            return;
        }

        Assert.Equal(expected, Assert.Single(await WebGateway.PartsAsync(response)).ContentType);
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
        await using var plain = coding == "gzip" ? (Stream)new System.IO.Compression.GZipStream(body, System.IO.Compression.CompressionMode.Decompress) : new System.IO.Compression.BrotliStream(body, System.IO.Compression.CompressionMode.Decompress);

        Assert.Equal(coding, Assert.Single(response.Content.Headers.ContentEncoding));
        Assert.Equal(4, (await JsonNode.ParseAsync(plain))!.AsArray().Count);
    }

    [Fact]
    public async Task WADO_URI_gives_the_object()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync("?requestType=WADO&studyUID=1.2&seriesUID=1.2.1&objectUID=1.2.1.1&contentType=application/dicom&transferSyntax=*");
        using var incomplete = await gateway.GetAsync("?requestType=WADO&studyUID=1.2");

        Assert.Equal("1.2.1.1", DicomFile.Read(await response.Content.ReadAsByteArrayAsync()).DataSet.GetString(DicomTag.SOPInstanceUID));
        Assert.Equal(HttpStatusCode.BadRequest, incomplete.StatusCode);
    }

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
    [InlineData("multipart/related; type=\"application/dicom\"; boundary=\"x\"; transfer-syntax=*", "--x\r\nContent-Type: application/dicom; transfer-syntax=1.2.840.10008.1.2.1\r\n\r\n", "\r\n--x--\r\n", 200)]
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
        var content = new ByteArrayContent([.. Encoding.ASCII.GetBytes(before), .. await WebGateway.FileOf(TestObjects.Ct("1.2.3.3")), .. Encoding.ASCII.GetBytes(after)]);
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
            metadata = Harmony.Dicom.Json.DicomJsonWriter.ToUtf8(image, new Harmony.Dicom.Json.DicomJsonWriterOptions { BulkDataUri = (_, e) => e.Tag == DicomTag.PixelData ? "bulk/1" : null });
        }
        else
        {
            using var stream = new MemoryStream();
            using (var writer = System.Xml.XmlWriter.Create(stream)) Harmony.Dicom.Xml.NativeXmlWriter.Write(writer, image, e => e.Tag == DicomTag.PixelData ? "bulk/1" : null);
            metadata = stream.ToArray();
        }

        var content = new ByteArrayContent([.. Encoding.ASCII.GetBytes($"\r\n--myboundary\r\nContent-Type: {type}\r\n\r\n"), .. metadata,
            .. Encoding.ASCII.GetBytes("\r\n--myboundary\r\nContent-Type: application/octet-stream\r\nContent-Location: bulk/1\r\n\r\n"), .. pixels.Bytes.Span, .. Encoding.ASCII.GetBytes("\r\n--myboundary--")]);
        content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/related; type=\"{type}\"; boundary=myboundary");

        using var response = await gateway.SendAsync(HttpMethod.Post, "studies", content);

        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        var stored = Assert.Single(pacs.Objects.Select(Harmony.Dicom.Query.QueryLevel.Study, new DicomDataSetBuilder().Set(DicomTag.StudyInstanceUID, "1.2.3.1").Build())).Item;
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

    private static int TestPixels(DicomFile file) => file.DataSet.TryGet<DicomValue>(DicomTag.PixelData, out var pixels) ? pixels.Bytes.Length : 0;
}
