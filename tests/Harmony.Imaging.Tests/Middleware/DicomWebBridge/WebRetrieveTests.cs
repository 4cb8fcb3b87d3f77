using System.Net;
using Harmony.Dicom.Data;
using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Scu;
using Harmony.Imaging.Tests.Services.DicomWeb;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Middleware.DicomWebBridge;

/// <summary>WADO-RS and WADO-URI in front of a system of the test's: objects, and how they are asked for.</summary>
public sealed class WebRetrieveTests
{
    private const string Series = "studies/1.2/series/1.2.1";
    private const string Instance = "studies/1.2/series/1.2.1/instances/1.2.1.1";

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

    [Fact]
    public async Task WADO_URI_gives_the_object()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync(
            "?requestType=WADO&studyUID=1.2&seriesUID=1.2.1&objectUID=1.2.1.1&contentType=application/dicom&transferSyntax=*");
        using var incomplete = await gateway.GetAsync("?requestType=WADO&studyUID=1.2");

        Assert.Equal("1.2.1.1", DicomFile.Read(await response.Content.ReadAsByteArrayAsync()).DataSet.GetString(DicomTag.SOPInstanceUID));
        Assert.Equal(HttpStatusCode.BadRequest, incomplete.StatusCode);
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

    [Fact]
    public async Task A_system_without_CGET_is_asked_for_a_move()
    {
        var port = FreePort.Take();
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { Gets = false, Destination = new DicomPeer("127.0.0.1", port, "HARMONY_SCU", "PACS") });
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, scu: $"incoming_store_port = {port}");

        using var response = await gateway.GetAsync("studies/1.2");

        Assert.Equal(4, (await WebGateway.PartsAsync(response)).Count);
    }

    private static int TestPixels(DicomFile file) => file.DataSet.TryGet<DicomValue>(DicomTag.PixelData, out var pixels) ? pixels.Bytes.Length : 0;
}
