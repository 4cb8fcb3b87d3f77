using System.Net;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Imaging;
using Harmony.Dicom.Imaging.Transcoding;
using Harmony.Dicom.Network.Dimse;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Harmony.Testing.Requirements;

namespace Harmony.Gateway.Tests.Hosting;

/// <summary>Libraries of the system decode in processes of their own: one that dies costs the program a frame, and nothing else.</summary>
public sealed class DecoderCrashTests
{
    private const string Instance = "/dicomweb/studies/1.2.3.1/series/1.2.3.2/instances/1.2.3.3";

    [PlatformFact("linux")]
    public async Task Decoder_Dies_TheProgramServes()
    {
        await using var pacs = FakePacs.Start(
            new FakePacsSettings { Sends = o => ValueTask.FromResult(SopInstance.Of(o, TransferSyntax.JPEGLSLossless)) });
        await using var decoder = new FrameDecoder();
        using var compressed = await new ImageTranscoder(decoder).TranscodeAsync(
            TestObjects.Ct("1.2.3.3", pixels: 2048), TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.JPEGLSLossless);
        pacs.Objects.Add(compressed.DataSet, compressed.DataSet);
        await using var gateway = await GatewayProcess.StartAsync(port => Toml(port, pacs.Port));
        using var client = TestClient.Abrupt(new Uri($"http://{gateway.Address}/"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/rendered"));

        foreach (var worker in gateway.Children("decode-frames"))
        {
            worker.Kill();
            await worker.WaitForExitAsync(Guard.Token);
        }

        // The process that was kept for the next frame is the one that died.
        Assert.Equal(HttpStatusCode.BadGateway, await StatusAsync("/rendered?quality=80"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/metadata"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/rendered?quality=70"));

        async Task<HttpStatusCode> StatusAsync(string what)
        {
            using var response = await client.GetAsync(new Uri(Instance + what, UriKind.Relative), Guard.Token);
            return response.StatusCode;
        }
    }

    private static string Toml(int port, int pacs) => $"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [storage]
        backend = "filesystem"
        [storage.options]
        path = "storage"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = {port}
        [pipelines.web]
        networks = ["main"]
        endpoints = ["web"]
        middleware = ["bridge"]
        backends = ["pacs"]
        [endpoints.web]
        service = "dicomweb"
        options.path_prefix = "/dicomweb"
        [middleware.bridge]
        type = "dicomweb_bridge"
        [backends.pacs]
        service = "dicom_scu"
        connection = {"{"} host = "127.0.0.1", port = {pacs}, protocol = "dicom" {"}"}
        options = {"{"} aet = "PACS", incoming_store_address = "127.0.0.1" {"}"}
        """;
}
