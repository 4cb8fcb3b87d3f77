using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Scu;
using Harmony.Imaging.Tests.Services.DicomScu;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Harmony.Testing.Requirements;

namespace Harmony.Imaging.Tests.Adapters.Dimse;

/// <summary>
/// Real systems on both sides of a gateway: DCMTK's clients or Orthanc in front, Orthanc or DCMTK's archive behind it; plain, and over TLS with certificates
/// of both sides. The table of what is tried against what is in <c>docs/dicom.md</c>.
/// </summary>
public sealed class InteropTests : IDisposable
{
    private const string Study = "StudyInstanceUID=1.2.3.1";

    private readonly string _folder = Directory.CreateTempSubdirectory("harmony-test-").FullName;

    private string Received => Path.Combine(_folder, "received");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [DcmtkTheory(OrthancPeer.Program)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DcmtkInFront_OrthancBehind_DoesEverything(bool isTls)
    {
        await using var archive = await OrthancPeer.StartAsync("PACS");
        await EverythingAsync(archive.DicomPort, isTls);
        Assert.Equal(3, await archive.CountAsync());
    }

    [DcmtkFact]
    public async Task DcmtkInFront_DcmqrscpBehind_DoesEverything()
    {
        await using var archive = await DcmtkPeer.QueryRetrieveScpAsync("PACS");
        await EverythingAsync(archive.Port, isTls: false);
    }

    /// <summary>Orthanc as a client: what its users do with a modality.</summary>
    [PeerTheory(OrthancPeer.Program)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OrthancInFront_OrthancBehind_EchoesStoresFindsAndMoves(bool isTls)
    {
        var tls = isTls ? new DicomTlsFiles(_folder) : null;
        await using var archive = await OrthancPeer.StartAsync("PACS");
        await using var viewer = await OrthancPeer.StartAsync(new OrthancSettings { AeTitle = "VIEWER", Tls = tls?.Orthanc });
        await using var gateway = await StartAsync(archive.DicomPort, "VIEWER", viewer.DicomPort, tls);
        var port = gateway.DicomAddress.Port;
        await viewer.KnowAsync("gateway", "HARMONY_SCP", port, isTls);
        await viewer.KnowAsync("misnamed", "NOBODY", port, isTls);

        await viewer.PostAsync("modalities/gateway/echo", new { });
        await Assert.ThrowsAsync<InvalidOperationException>(() => viewer.PostAsync("modalities/misnamed/echo", new { }));
        Assert.Contains("called AE title not recognized", (await gateway.Log.FirstAsync(3007)).Message, StringComparison.Ordinal);

        var ids = new List<string>();
        for (var i = 1; i <= 3; i++) ids.Add(await viewer.ImportAsync(await TestObjects.WriteAsync(_folder, $"1.2.3.4.{i}", pixels: 50_000)));
        await viewer.PostAsync("modalities/gateway/store", new { Resources = ids, Synchronous = true });
        Assert.Equal(3, await archive.CountAsync());

        foreach (var id in ids) await viewer.DeleteAsync(id);
        var query = await viewer.PostAsync("modalities/gateway/query", new { Level = "Study", Query = new { PatientID = "P-1", PatientName = "" } });
        var answer = (await viewer.GetAsync($"queries/{query!["ID"]}/answers/0/content?simplify")).AsObject();
        Assert.Equal(("Test^Object", "1.2.3.1"), ((string?)answer["PatientName"], (string?)answer["StudyInstanceUID"]));
        Assert.Empty(
            (await viewer.GetAsync(
                $"queries/{(await viewer.PostAsync("modalities/gateway/query", new { Level = "Study", Query = new { PatientID = "NONE" } }))!["ID"]}/answers"))
                    .AsArray());

        await viewer.PostAsync($"queries/{query["ID"]}/retrieve", new { TargetAet = "VIEWER", Synchronous = true });
        Assert.Equal(3, await viewer.CountAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => viewer.PostAsync($"queries/{query["ID"]}/retrieve", new { TargetAet = "ELSEWHERE", Synchronous = true }));
    }

    private async Task EverythingAsync(int archivePort, bool isTls)
    {
        var tls = isTls ? new DicomTlsFiles(_folder) : null;
        await using var workstation = await DcmtkPeer.StoreScpAsync(tls?.Dcmtk ?? []);
        await using var gateway = await StartAsync(archivePort, "WORKSTATION", workstation.Port, tls);
        Task<DcmtkResult> RunAsync(string program, params string[] arguments)
            => DcmtkPeer.RunAsync(program, [.. tls?.Dcmtk ?? [], "-aec", "HARMONY_SCP", "-v", "127.0.0.1", gateway.DicomAddress.Port.ToString(), .. arguments]);

        (await RunAsync("echoscu")).Succeeded();
        var sent = new List<string>();
        for (var i = 1; i <= 3; i++) sent.Add(await TestObjects.WriteAsync(_folder, $"1.2.3.4.{i}", pixels: 100_000));
        (await RunAsync("storescu", [.. sent])).Succeeded();

        var found = (await RunAsync("findscu", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientName=Test*", "-k", "PatientID", "-k", Study))
            .Succeeded().Output;
        Assert.Contains("[P-1", found, StringComparison.Ordinal);
        (await RunAsync("findscu", "-S", "--cancel", "1", "-k", "QueryRetrieveLevel=IMAGE", "-k", Study, "-k", "SeriesInstanceUID=1.2.3.2", "-k",
            "SOPInstanceUID")).Succeeded();

        Directory.CreateDirectory(Received);
        if (tls is null)
        {
            string[] study = ["-S", "-k", "QueryRetrieveLevel=STUDY", "-k", Study];
            (await RunAsync("getscu", [.. study, "-od", Received])).Succeeded();
            (await RunAsync("movescu", [.. study, "-aem", "WORKSTATION"])).Succeeded();
            Assert.Contains("MoveDestinationUnknown", (await RunAsync("movescu", [.. study, "-aem", "NOBODY"])).Output, StringComparison.Ordinal);
        }
        else
        {
            await RetrieveAsync(gateway, tls); // these two of DCMTK's clients speak no TLS
        }

        await AssertSentAsync(sent, Received);
        await AssertSentAsync(sent, workstation.Folder);

        await RunAsync("echoscu", "--abort");
        Assert.Contains("Called AE Title Not Recognized", (await RunAsync("echoscu", "-aec", "NOBODY")).Output, StringComparison.Ordinal);
        if (isTls) Assert.NotEqual(0,
            (await DcmtkPeer.RunAsync("echoscu", "-to", "2", "-ta", "2", "-aec", "HARMONY_SCP", "127.0.0.1", gateway.DicomAddress.Port.ToString())).ExitCode);
        (await RunAsync("echoscu")).Succeeded();
        await gateway.Snapshot.CloseAsync().Guarded(); // nothing of the aborted one is left
    }

    /// <summary>C-GET and C-MOVE by our own client.</summary>
    private async Task RetrieveAsync(TestGateway gateway, DicomTlsFiles tls)
    {
        await using var association = await new DicomClient().ConnectAsync(
            new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "HARMONY_SCP", "VIEWER") { Tls = tls.Client },
            [
                ContextProposal.For(Uid.GETStudyRootQueryRetrieveInformationModel), ContextProposal.For(Uid.MOVEStudyRootQueryRetrieveInformationModel),
                new ContextProposal(Uid.CTImageStorage, [TransferSyntax.ExplicitVRLittleEndian]) { IsScp = true },
            ]);
        var study = new DicomDataSetBuilder().Set(DicomTag.QueryRetrieveLevel, "STUDY").Set(DicomTag.StudyInstanceUID, "1.2.3.1").Build();
        var got = await association.GetAsync(Uid.GETStudyRootQueryRetrieveInformationModel, study, new FolderStore(Received), ct: Guard.Token);
        Assert.Equal((DimseStatus.Success, 3), (got.Result.Status, got.SubOperations.Completed));
        var moved = await association.MoveAsync(Uid.MOVEStudyRootQueryRetrieveInformationModel, study, "WORKSTATION", ct: Guard.Token);
        Assert.Equal((DimseStatus.Success, 3), (moved.Result.Status, moved.SubOperations.Completed));
        Assert.Equal(DimseStatus.MoveDestinationUnknown,
            (await association.MoveAsync(Uid.MOVEStudyRootQueryRetrieveInformationModel, study, "NOBODY", ct: Guard.Token)).Result.Status);
    }

    private static async Task AssertSentAsync(IReadOnlyList<string> sent, string folder)
    {
        var received = Directory.GetFiles(folder).ToDictionary(f => DicomFile.Read(File.ReadAllBytes(f)).DataSet.GetString(DicomTag.SOPInstanceUID)!);
        Assert.Equal(sent.Count, received.Count);
        foreach (var file in sent)
            Assert.Equal(await TestObjects.PixelsOfAsync(file), await TestObjects.PixelsOfAsync(received[Path.GetFileNameWithoutExtension(file)]));
    }

    private Task<TestGateway> StartAsync(int archivePort, string destination, int destinationPort, DicomTlsFiles? tls) => TestGateway.StartAsync(ScpConfig.With(
        $"""
        {ScuGateway.Toml(archivePort, _folder, "dimse_retrieve_mode = \"get\"")}
        [dicom.destinations.viewer]
        ae_title = "{destination}"
        host = "127.0.0.1"
        port = {destinationPort}
        {tls?.Destination}
        """,
        $"storage_dir = \"{_folder}\"\n{tls?.Endpoint}"));

    /// <summary>Keeps what comes in a folder.</summary>
    private sealed class FolderStore(string folder) : IStoreHandler
    {
        public async ValueTask<DimseResult> StoreAsync(StoreOperation operation, CancellationToken ct)
        {
            await using var file = File.Create(Path.Combine(folder, operation.Request.SopInstanceUid));
            await operation.WritePart10Async(file, ct);
            return DimseResult.Success;
        }
    }
}
