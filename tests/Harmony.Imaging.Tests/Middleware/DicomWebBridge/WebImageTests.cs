using System.Net;
using System.Text;
using Harmony.Dicom.Data;
using Harmony.Imaging.Tests.Services.DicomWeb;
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
}
