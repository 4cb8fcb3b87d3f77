using System.Diagnostics;
using System.Text.Json.Nodes;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Harmony.Testing.Requirements;

namespace Harmony.Imaging.Tests.Services.DicomWeb;

/// <summary>What people use in the browser, as it is published, in front of the DIMSE port of a PACS.</summary>
public sealed class ViewerTests
{
    private const string Study = "1.2.826.0.1.3680043.9.1";

    /// <summary>
    /// OHIF: the study list, a study opened, images shown and scrolled, thumbnails, and no error in its console. Pictures of it are in <c>artifacts/ohif</c>.
    /// </summary>
    [PeerFact("bash", "node", "npm", "chromium", "npm:playwright-core", OrthancPeer.Program)]
    [Trait("Category", "Slow")]
    public async Task Ohif_shows_a_study_of_a_PACS_that_speaks_DIMSE()
    {
        await using var pacs = await OrthancPeer.StartAsync("PACS");
        await using var gateway = await WebGateway.BridgeAsync(pacs.DicomPort);
        for (var i = 0; i < 10; i++)
        {
            using var stored = await gateway.StoreAsync("studies", null, await WebGateway.FileOf(Slice(1 + (i / 5), 1 + (i % 5))));
            Assert.True(stored.IsSuccessStatusCode);
        }

        var (script, folder) = (RepositoryFolder.PathOf("examples", "dicomweb", "viewer.sh"), RepositoryFolder.PathOf("artifacts", "ohif"));
        var fetched = await Programs.RunAsync(new ProcessStartInfo(Peers.PathOf("bash"), [script, "--fetch", folder]), TimeSpan.FromMinutes(4));
        Assert.True(fetched.ExitCode == 0, fetched.Printed);
        var port = FreePort.Take();
        using var viewer = Process.Start(new ProcessStartInfo(Peers.PathOf("bash"), [script, folder])
        {
            Environment = { ["HARMONY_ROOT"] = gateway.BaseUrl, ["VIEWER_PORT"] = $"{port}" }, RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        try
        {
            Assert.NotNull(await viewer.StandardOutput.ReadLineAsync().Guarded()); // it listens

            var printed = await RunAsync(
                TimeSpan.FromMinutes(4), "ohif.mjs", Path.Combine(Peers.PathOf("npm:playwright-core"), "index.js"), Peers.PathOf("chromium"),
                $"http://127.0.0.1:{port}", folder);
            var seen = JsonNode.Parse(printed)!;
            Assert.True(seen["errors"]!.AsArray().Count == 0, printed);
            Assert.True((int)seen["frames"]! >= 5, printed);
            Assert.True((int)seen["thumbnails"]! >= 2, printed);
        }
        finally
        {
            await viewer.EndAsync();
        }
    }

    /// <summary>npm <c>dicomweb-client</c>, on which many viewers stand.</summary>
    [PeerFact("node", "npm:dicomweb-client")]
    [Trait("Category", "Slow")]
    public async Task DicomwebClient_searches_stores_and_retrieves()
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);
        var folder = Directory.CreateTempSubdirectory("harmony-client-");
        var file = await TestObjects.WriteAsync(folder.FullName, "1.2.3.3");

        var printed = await RunAsync(Guard.Limit, "dicomweb-client.mjs", Peers.PathOf("npm:dicomweb-client"), gateway.BaseUrl, file);

        folder.Delete(recursive: true);
        var seen = JsonNode.Parse(printed)!;
        Assert.Equal((1, 16, true), ((int)seen["studies"]!, (int)seen["rows"]!, (bool)seen["stored"]!));
        Assert.Equal("[512]", seen["frames"]!.ToJsonString());
        Assert.Equal("[512]", seen["bulk"]!.ToJsonString());
        Assert.Equal($"[{seen["instance"]}]", seen["series"]!.ToJsonString());
    }

    /// <summary>Runs a script of this folder with Node.js.</summary>
    /// <returns>What it printed.</returns>
    private static async Task<string> RunAsync(TimeSpan limit, string script, params string[] arguments)
    {
        var run = await Programs.RunAsync(
            new ProcessStartInfo(Peers.PathOf("node"), [Path.Combine(AppContext.BaseDirectory, "Services", "DicomWeb", script), .. arguments]), limit);
        Assert.True(run.ExitCode == 0, run.Printed);
        return run.Output;
    }

    /// <summary>A disc with a slope of grey, one of five slices of a series.</summary>
    private static DicomDataSet Slice(int series, int number)
    {
        const int Size = 128;
        var pixels = new byte[Size * Size * 2];
        for (var i = 0; i < Size * Size; i++)
        {
            var (x, y) = (i % Size, i / Size);
            var grey = ((x - 64) * (x - 64)) + ((y - 64) * (y - 64)) < 2500 ? ((x * 8) + (y * 4) + (number * 60)) % 1024 : 0;
            (pixels[2 * i], pixels[(2 * i) + 1]) = ((byte)grey, (byte)(grey >> 8));
        }

        return new DicomDataSetBuilder()
            .Set(DicomTag.ImageType, "ORIGINAL", "PRIMARY", "AXIAL").Set(DicomTag.SOPClassUID, Uid.CTImageStorage)
                .Set(DicomTag.SOPInstanceUID, $"{Study}.{series}.{number}")
            .Set(DicomTag.StudyInstanceUID, Study).Set(DicomTag.SeriesInstanceUID, $"{Study}.{series}").Set(DicomTag.FrameOfReferenceUID, $"{Study}.9")
            .Set(DicomTag.StudyDate, "20240102").Set(DicomTag.StudyTime, "101500").Set(DicomTag.StudyDescription, "Head and neck")
                .Set(DicomTag.SeriesDescription, $"Series {series}")
            .Set(DicomTag.PatientName, "Example^Anna").Set(DicomTag.PatientID, "P-1").Set(DicomTag.Modality, "CT").Set(DicomTag.SeriesNumber, series)
                .Set(DicomTag.InstanceNumber, number)
            .Set(DicomTag.ImagePositionPatient, 0, 0, number * 2).Set(DicomTag.ImageOrientationPatient, 1, 0, 0, 0, 1, 0).Set(DicomTag.PixelSpacing, 1, 1)
                .Set(DicomTag.SliceThickness, 2)
            .Set(DicomTag.SamplesPerPixel, 1).Set(DicomTag.PhotometricInterpretation, "MONOCHROME2").Set(DicomTag.Rows, Size).Set(DicomTag.Columns, Size)
            .Set(DicomTag.BitsAllocated, 16).Set(DicomTag.BitsStored, 16).Set(DicomTag.HighBit, 15).Set(DicomTag.PixelRepresentation, 0)
            .Set(DicomTag.WindowCenter, 512).Set(DicomTag.WindowWidth, 1024).Set(DicomTag.RescaleIntercept, 0).Set(DicomTag.RescaleSlope, 1)
            .Set(new DicomValue(DicomTag.PixelData, Vr.OW, pixels)).Build();
    }
}
