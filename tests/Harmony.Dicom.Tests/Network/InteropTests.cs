using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Harmony.Testing.Requirements;

namespace Harmony.Dicom.Tests.Network;

/// <summary>
/// Everything that there is to ask, plain and over TLS with certificates of both sides: our client and Orthanc, DCMTK's clients and our server.
/// </summary>
public sealed class InteropTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("harmony-interop-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [PeerTheory(OrthancPeer.Program)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Orthanc_EchoStoreFindCancelGetMoveAbortAndRejection(bool isTls)
    {
        var tls = isTls ? new DicomTlsFiles(_folder) : null;
        await using var own = TestServer.Start(listener: new DicomServerOptions { Tls = tls?.Server });
        await using var orthanc = await OrthancPeer.StartAsync(new OrthancSettings { Tls = tls?.Orthanc });
        await orthanc.KnowAsync("HARMONY", "HARMONY", own.Port, isTls);
        var peer = new DicomPeer("127.0.0.1", orthanc.DicomPort, "ORTHANC", "HARMONY") { Tls = tls?.Client };

        await using var association = await ConnectAsync(peer);
        await association.EchoAsync(Guard.Token);
        for (var i = 0; i < 5; i++)
        {
            var image = TestServer.Image(i, 300_000).ToBuilder().Set(DicomTag.SeriesInstanceUID, "1.2.3.1").Build();
            Assert.Equal(
                DimseStatus.Success, (await association.StoreAsync(SopInstance.Of(image, TransferSyntax.ExplicitVRLittleEndian), ct: Guard.Token)).Status);
        }

        var images = Study("IMAGE").Set(DicomTag.SeriesInstanceUID, "1.2.3.1").Set(DicomTag.SOPInstanceUID).Build();
        Assert.Equal(5, (await association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, images, ct: Guard.Token).ToListAsync()).Count);
        await foreach (var first in association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, images, ct: Guard.Token)) break; // sends C-CANCEL
        await association.EchoAsync(Guard.Token);

        var received = new TestArchive();
        var got = await association.GetAsync(Uid.GETStudyRootQueryRetrieveInformationModel, Study("STUDY").Build(), received, ct: Guard.Token);
        Assert.Equal((DimseStatus.Success, 5), (got.Result.Status, received.Objects.Count));
        var moved = await association.MoveAsync(Uid.MOVEStudyRootQueryRetrieveInformationModel, Study("STUDY").Build(), "HARMONY", ct: Guard.Token);
        Assert.Equal((DimseStatus.Success, 5), (moved.Result.Status, own.Archive.Objects.Count));
        Assert.True((await association.MoveAsync(
            Uid.MOVEStudyRootQueryRetrieveInformationModel, Study("STUDY").Build(), "NOBODY", ct: Guard.Token)).Result.Status.IsFailure);

        await association.AbortAsync();
        await Assert.ThrowsAsync<AssociationRejectedException>(() => ConnectAsync(peer with { CalledAeTitle = "OTHER" }));
        await using var again = await ConnectAsync(peer);
        await again.EchoAsync(Guard.Token);
        await again.ReleaseAsync(Guard.Token);
        if (!isTls) return;
        // Without a certificate of ours it wants nothing of us, and without TLS it says nothing.
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(peer with { Tls = tls!.Stranger }));
    }

    [DcmtkFact]
    public async Task Dcmtk_OverTls_EchoStoreFindCancelMoveAbortAndRejection()
    {
        var tls = new DicomTlsFiles(_folder);
        await using var destination = await DcmtkPeer.StoreScpAsync([.. tls.Dcmtk, "+xa"]);
        var policy = new NegotiationPolicy { CalledAeTitles = new HashSet<string> { "HARMONY" }, CallingAeTitles = new HashSet<string> { "MODALITY" } };
        await using var server = TestServer.Start(new AcceptorOptions { Policy = policy }, listener: new DicomServerOptions { Tls = tls.Server });
        server.Archive.Destinations = async (title, _, ct) => await new DicomClient().ConnectAsync(
            new DicomPeer("127.0.0.1", destination.Port, title, "HARMONY") { Tls = tls.Client }, [new(Uid.CTImageStorage, ContextProposal.Uncompressed)], ct);
        for (var i = 0; i < 3; i++) server.Archive.Add(TestServer.Image(i, 100_001), TransferSyntax.ImplicitVRLittleEndian);
        Task<DcmtkResult> RunAsync(string program, params string[] arguments)
            => DcmtkPeer.RunAsync(program, [.. tls.Dcmtk, "-v", "-aec", "HARMONY", "-aet", "MODALITY", "127.0.0.1", server.Port.ToString(), .. arguments]);

        (await RunAsync("echoscu")).Succeeded();
        await server.Archive.EndedAsync(AssociationEndKind.Released);
        Assert.Equal("CN=peer", Assert.Single(server.Archive.Associations).PeerCertificate?.Subject);
        (await RunAsync("storescu", await TestObjects.WriteAsync(_folder, "1.2.9", pixels: 100_000))).Succeeded();
        Assert.Equal(4, server.Archive.Objects.Count);
        string[] query = ["-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.2.3"];
        (await RunAsync("findscu", query)).Succeeded();
        await RetrieveAsync(server, tls); // by our own client: these two of DCMTK's speak no TLS
        Assert.Equal(3, Directory.GetFiles(destination.Folder).Length);

        var count = 0;
        server.Archive.Pause = ct => ++count > 2 ? Task.Delay(Timeout.Infinite, ct) : Task.CompletedTask;
        Assert.Contains("Cancel", (await RunAsync("findscu", ["--cancel", "2", .. query])).Output, StringComparison.Ordinal);
        for (var i = 0; i < 4; i++) await server.Archive.EndedAsync(AssociationEndKind.Released);
        await RunAsync("echoscu", "--abort");
        await server.Archive.EndedAsync(AssociationEndKind.AbortedByPeer);
        Assert.Contains("Calling AE Title Not Recognized", (await RunAsync("echoscu", "-aet", "OTHER")).Output, StringComparison.Ordinal);
        Assert.Contains("Called AE Title Not Recognized", (await RunAsync("echoscu", "-aec", "OTHER")).Output, StringComparison.Ordinal);
        Assert.Equal([AssociationRejection.CallingAeTitleNotRecognized, AssociationRejection.CalledAeTitleNotRecognized], server.Archive.Rejections);
    }

    private static async Task RetrieveAsync(TestServer server, DicomTlsFiles tls)
    {
        await using var association = await ConnectAsync(server.Peer with { Tls = tls.Client, CallingAeTitle = "MODALITY" });
        var received = new TestArchive();
        var got = await association.GetAsync(Uid.GETStudyRootQueryRetrieveInformationModel, Study("STUDY").Build(), received, ct: Guard.Token);
        Assert.Equal((DimseStatus.Success, 3), (got.Result.Status, received.Objects.Count));
        var moved = await association.MoveAsync(Uid.MOVEStudyRootQueryRetrieveInformationModel, Study("STUDY").Build(), "STORESCP", ct: Guard.Token);
        Assert.Equal((DimseStatus.Success, 3), (moved.Result.Status, moved.SubOperations.Completed));
        await association.ReleaseAsync(Guard.Token);
    }

    private static Task<ClientAssociation> ConnectAsync(DicomPeer peer) => new DicomClient().ConnectAsync(peer, TestServer.Everything, Guard.Token);

    private static DicomDataSetBuilder Study(string level)
        => new DicomDataSetBuilder().Set(DicomTag.QueryRetrieveLevel, level).Set(DicomTag.StudyInstanceUID, "1.2.3");
}
