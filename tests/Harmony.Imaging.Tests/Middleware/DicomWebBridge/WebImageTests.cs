using System.Buffers.Binary;
using System.Net;
using System.Text;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Dimse;
using Harmony.Imaging.Tests.Services.DicomWeb;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Middleware.DicomWebBridge;

/// <summary>WADO-RS frames, rendered images and thumbnails.</summary>
public sealed class WebImageTests
{
    private const string Series = "studies/1.2/series/1.2.1";
    private const string Instance = "studies/1.2/series/1.2.1/instances/1.2.1.1";

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

    [Theory]
    [InlineData(Instance + "/rendered", "image/jpeg", "image/jpeg")]
    // the query goes over the header
    [InlineData(Instance + "/rendered?accept=image/png", "multipart/related; type=application/octet-stream; transfer-syntax=*", "image/png")]
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

    /// <summary>
    /// Series are retrieved at the same time: which image stands for a study does not depend on which comes first, and a report does not stand for it.
    /// </summary>
    [Theory]
    [InlineData(true, "1.2.4.2")]
    [InlineData(false, "1.2.4.3")]
    public async Task Study_is_shown_by_its_middle_image(bool middleIsImage, string expected)
    {
        var (others, isLast) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var pacs = FakePacs.Start(new FakePacsSettings
        {
            Sends = async item =>
            {
                // The first series comes last.
                if (item.GetString(DicomTag.SeriesInstanceUID) == "1.2.4.1") await isLast.Task.WaitAsync(Guard.Token);
                else if (Interlocked.Increment(ref others) == 2) isLast.TrySetResult();
                return SopInstance.Of(item, TransferSyntax.ExplicitVRLittleEndian);
            },
        });
        for (var i = 1; i <= 3; i++)
        {
            var item = TestObjects.Ct($"1.2.3.{i}", pixels: 512 * i).ToBuilder().Set(DicomTag.SeriesInstanceUID, $"1.2.4.{i}");
            if (i == 2 && !middleIsImage) item.Remove(DicomTag.PixelData);
            pacs.Objects.Add(item.Build(), item.Build());
        }

        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var ofStudy = await gateway.GetAsync("studies/1.2.3.1/thumbnail");
        using var ofSeries = await gateway.GetAsync($"studies/1.2.3.1/series/{expected}/thumbnail");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (ofStudy.StatusCode, ofSeries.StatusCode));
        Assert.Equal(await ofSeries.Content.ReadAsByteArrayAsync(), await ofStudy.Content.ReadAsByteArrayAsync());
    }

    /// <summary>What is asked for and not done is said (PS3.18 §8.3.5.1); the image comes all the same.</summary>
    [Theory]
    [InlineData(Instance + "/rendered?annotation=patient,technique", "Annotations are not supported")]
    [InlineData(Series + "/thumbnail?annotation=patient", "Annotations are not supported")]
    [InlineData(Instance + "/rendered?iccprofile=srgb", "Colours are not converted")]
    [InlineData(Instance + "/rendered?iccprofile=yes", null)]
    [InlineData(Instance + "/rendered?iccprofile=no", null)]
    public async Task What_is_not_done_is_said(string path, string? said)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync(path);

        Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        var warnings = response.Headers.TryGetValues("Warning", out var values) ? string.Join(' ', values) : null;
        if (said is null) Assert.Null(warnings);
        else Assert.StartsWith($"299 {gateway.BaseUrl} \"{said}", warnings, StringComparison.Ordinal);
    }

    private const string WadoUri = "?requestType=WADO&studyUID=1.2.3.1&seriesUID=1.2.3.2&objectUID=1.2.3.3";

    /// <summary>The parameters of WADO-URI (PS3.18 §9.1.2.2), of an object of two frames of 16 columns and 32 rows.</summary>
    [Theory]
    [InlineData("", 16, 32)]
    [InlineData("&contentType=image/png", 16, 32)]
    [InlineData("&contentType=image/png&frameNumber=2", 16, 32)]
    [InlineData("&contentType=image/png&rows=16&columns=16", 8, 16)]
    [InlineData("&contentType=image/png&columns=8", 8, 16)]
    [InlineData("&contentType=image/png&region=0.5,0,1,0.25", 8, 8)]
    [InlineData("&contentType=image/png&region=0,0,0.5,0.5&rows=8&columns=8", 4, 8)]
    [InlineData("&contentType=image/png&windowCenter=40&windowWidth=400&imageQuality=80", 16, 32)]
    public async Task WADO_URI_gives_the_image_that_was_asked_for(string query, int columns, int rows)
    {
        await using var pacs = TwoFrames();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync(WadoUri + query);

        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, Encoding.UTF8.GetString(bytes));
        if (query.Length == 0)
        {
            Assert.Equal("image/jpeg", response.Content.Headers.ContentType!.MediaType); // what is meant where nothing is said
            return;
        }

        // PNG (ISO/IEC 15948 §11.2.2): width and height are the first two numbers of its header.
        Assert.Equal((columns, rows), (BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20))));
    }

    [Fact]
    public async Task WADO_URI_shows_the_window_and_the_frame_that_were_asked_for()
    {
        await using var pacs = TwoFrames();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);
        var images = new List<string>();
        string[] queries =
            ["&frameNumber=1", "&frameNumber=2", "&frameNumber=1&windowCenter=40&windowWidth=2", "&frameNumber=1&region=0,0,1,0.5&rows=32&columns=16"];
        foreach (var query in queries)
        {
            using var response = await gateway.GetAsync($"{WadoUri}&contentType=image/png{query}");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            images.Add(Convert.ToBase64String(await response.Content.ReadAsByteArrayAsync()));
        }

        Assert.Equal(4, images.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("&frameNumber=3", 404)]
    [InlineData("&frameNumber=0", 400)]
    [InlineData("&frameNumber=x", 400)]
    [InlineData("&rows=0", 400)]
    [InlineData("&columns=many", 400)]
    [InlineData("&region=0,0,1", 400)]
    [InlineData("&region=0.5,0,0.5,1", 400)]
    [InlineData("&region=0,0,2,1", 400)]
    [InlineData("&windowCenter=40", 400)]
    [InlineData("&windowCenter=40&windowWidth=0", 400)]
    [InlineData("&contentType=text/html", 406)]
    public async Task WADO_URI_that_cannot_be_is_refused(string query, int status)
    {
        await using var pacs = TwoFrames();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync(WadoUri + query);

        Assert.Equal(status, (int)response.StatusCode);
    }

    /// <summary>What a browser plays and shows itself goes as it is, whole; nobody can say who plays a video whose syntax the client does not name.</summary>
    [Fact]
    public async Task Video_and_documents_are_rendered_as_themselves()
    {
        byte[] film = [0, 0, 0, 24, .. "ftypisom"u8], page = [.. "%PDF-1.7 "u8];
        await using var pacs = FakePacs.Start(new FakePacsSettings
        {
            Sends = item => ValueTask.FromResult(SopInstance.Of(
                item, item.Contains(DicomTag.EncapsulatedDocument) ? TransferSyntax.ExplicitVRLittleEndian : TransferSyntax.Of("1.2.840.10008.1.2.4.102"))),
        });
        var document = TestObjects.Ct("1.2.3.3.1").ToBuilder().Remove(DicomTag.PixelData).Set(DicomTag.MIMETypeOfEncapsulatedDocument, "application/pdf")
            .Set(new DicomValue(DicomTag.EncapsulatedDocument, Vr.OB, page.Append((byte)0).ToArray()))
            .Set(DicomTag.EncapsulatedDocumentLength, page.Length).Build();
        var video = TestObjects.Ct("1.2.3.3.2").ToBuilder().Set(new DicomFragments(DicomTag.PixelData, Vr.OB, [], [new MemoryBulkData(film)])).Build();
        pacs.Objects.Add(document, document);
        pacs.Objects.Add(video, video);
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var shown = await gateway.GetAsync("studies/1.2.3.1/series/1.2.3.2/instances/1.2.3.3.1/rendered", "*/*");
        using var played = await gateway.GetAsync("studies/1.2.3.1/series/1.2.3.2/instances/1.2.3.3.2/rendered", "*/*");
        using var unnamed = await gateway.GetAsync(
            "studies/1.2.3.1/series/1.2.3.2/instances/1.2.3.3.2/frames/1", "multipart/related; type=application/octet-stream");

        Assert.Equal(("application/pdf", "video/mp4"), (shown.Content.Headers.ContentType!.MediaType, played.Content.Headers.ContentType!.MediaType));
        Assert.Equal(page, (await shown.Content.ReadAsByteArrayAsync())[..page.Length]);
        Assert.Equal(film, (await played.Content.ReadAsByteArrayAsync())[..film.Length]);
        Assert.Equal(HttpStatusCode.NotAcceptable, unnamed.StatusCode);
    }

    private static FakePacs TwoFrames()
    {
        var pacs = FakePacs.Start();
        var image = TestObjects.Ct("1.2.3.3", pixels: 2048).ToBuilder().Set(DicomTag.NumberOfFrames, 2).Set(DicomTag.Rows, 32).Build();
        pacs.Objects.Add(image, image);
        return pacs;
    }

    [Theory]
    [InlineData("/rendered?viewport=0,5")]
    [InlineData("/rendered?window=1")]
    [InlineData("/rendered?quality=101")]
    [InlineData("/rendered?iccprofile=maybe")]
    public async Task Malformed_wishes_for_images_are_400(string path)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync(Instance + path);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }
}
