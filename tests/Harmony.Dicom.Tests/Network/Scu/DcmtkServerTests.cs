using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Dicom.Tests.Network.Scu;

/// <summary>Our client and DCMTK's servers.</summary>
public sealed class DcmtkServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("harmony-scu-").FullName;

    public static TheoryData<string, string, string> Kinds => DcmtkFiles.Kinds;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [DcmtkTheory("gdcmconv")]
    [MemberData(nameof(Kinds))]
    public async Task Store_InEverySyntax_KeepsTheObject(string uid, string recipe, string option)
    {
        await using var peer = await DcmtkPeer.StoreScpAsync("+xa", "+B");
        var file = await DcmtkFiles.MakeAsync(_folder, recipe);
        var instance = await SopInstance.OpenAsync(file);
        Assert.Equal(uid, instance.TransferSyntax.Uid);
        await using (var association = await ConnectAsync(peer.Port, "STORESCP", new ContextProposal(instance.SopClassUid, [instance.TransferSyntax])))
        {
            Assert.Equal(DimseStatus.Success, (await association.StoreAsync(instance, ct: Guard.Token)).Status);
        }

        var stored = await DicomFile.ReadAsync(File.OpenRead(Assert.Single(Directory.GetFiles(peer.Folder))));
        DcmtkFiles.AssertSame(await DicomFile.ReadAsync(File.OpenRead(file)), stored);
        Assert.NotEmpty(option);
    }

    [DcmtkFact]
    public async Task QueryRetrieve_FindsGetsAndMoves()
    {
        await using var own = TestServer.Start();
        await using var peer = await DcmtkPeer.QueryRetrieveScpAsync("QR", ("HARMONY", own.Port));
        var contexts = TestServer.Everything;
        await using var association = await ConnectAsync(peer.Port, "QR", [.. contexts]);
        await association.EchoAsync(Guard.Token);
        for (var i = 0; i < 10; i++)
        {
            var instance = SopInstance.Of(Archived(i), TransferSyntax.ExplicitVRLittleEndian);
            Assert.Equal(DimseStatus.Success, (await association.StoreAsync(instance, ct: Guard.Token)).Status);
        }

        var images = Query("IMAGE").Set(DicomTag.SeriesInstanceUID, "1.2.3.1").Set(DicomTag.SOPInstanceUID).Build();
        var found = await association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, images, ct: Guard.Token).ToListAsync();
        Assert.Equal(10, found.Count);

        await foreach (var match in association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, images, ct: Guard.Token)) break;

        var received = new TestArchive();
        var progress = new List<SubOperations>();
        var got = await association.GetAsync(Uid.GETStudyRootQueryRetrieveInformationModel, Query("STUDY").Build(), received, new Recorder(progress),
            ct: Guard.Token);
        Assert.Equal((DimseStatus.Success, 10, 10), (got.Result.Status, got.SubOperations.Completed, received.Objects.Count));
        Assert.Contains(progress, p => p.Remaining > 0);

        var moved = await association.MoveAsync(Uid.MOVEStudyRootQueryRetrieveInformationModel, Query("STUDY").Build(), "HARMONY", ct: Guard.Token);
        Assert.Equal((DimseStatus.Success, 10), (moved.Result.Status, own.Archive.Objects.Count));
        Assert.All(own.Archive.Stored, s => Assert.Equal("TESTS", s.MoveOriginator?.AeTitle));

        var unknown = await association.MoveAsync(Uid.MOVEStudyRootQueryRetrieveInformationModel, Query("STUDY").Build(), "NOBODY", ct: Guard.Token);
        Assert.Equal(DimseStatus.MoveDestinationUnknown, unknown.Result.Status);
    }

    [DcmtkFact]
    public async Task WrongCalledTitle_IsTold()
    {
        await using var peer = await DcmtkPeer.QueryRetrieveScpAsync("QR");
        var e = await Assert.ThrowsAsync<AssociationRejectedException>(() => ConnectAsync(peer.Port, "OTHER", ContextProposal.For(Uid.VerificationSOPClass)));
        Assert.Equal("the association was rejected: called AE title not recognized (permanent, service user)", e.Message);
    }

    [DcmtkFact]
    public async Task Tls_WithCertificatesOfBothSides()
    {
        var authority = TestAuthority.Create("ca");
        var server = authority.Issue("localhost", "127.0.0.1");
        await File.WriteAllTextAsync(At("ca.pem"), authority.Pem);
        await File.WriteAllTextAsync(At("server.pem"), server.ExportCertificatePem());
        await File.WriteAllTextAsync(At("server.key"), TestAuthority.KeyOf(server));
        await using var peer = await DcmtkPeer.StoreScpAsync("+tls", At("server.key"), At("server.pem"), "+cf", At("ca.pem"), "+xa");
        var tls = new System.Net.Security.SslClientAuthenticationOptions
        {
            CertificateChainPolicy = Network.Scp.TlsTests.Trusting(authority),
            ClientCertificateContext = System.Net.Security.SslStreamCertificateContext.Create(authority.Issue("client"), null, offline: true),
        };
        var address = new DicomPeer("127.0.0.1", peer.Port, "STORESCP", "TESTS") { Tls = tls };
        await using var association = await new DicomClient().ConnectAsync(address, TestServer.Everything, Guard.Token);
        var result = await association.StoreAsync(SopInstance.Of(TestServer.Image(1, 1_000_000), TransferSyntax.ExplicitVRLittleEndian), ct: Guard.Token);
        Assert.Equal(DimseStatus.Success, result.Status);
    }

    private static Task<ClientAssociation> ConnectAsync(int port, string title, params ContextProposal[] contexts)
        => new DicomClient().ConnectAsync(new DicomPeer("127.0.0.1", port, title, "TESTS"), contexts, Guard.Token);

    private static DicomDataSetBuilder Query(string level)
        => new DicomDataSetBuilder().Set(DicomTag.QueryRetrieveLevel, level).Set(DicomTag.StudyInstanceUID, "1.2.3");

    /// <summary>With the characters that dcmqrscp's index can hold.</summary>
    private static DicomDataSet Archived(int number) => new DicomDataSetBuilder()
        .Set(DicomTag.SOPClassUID, Uid.CTImageStorage).Set(DicomTag.SOPInstanceUID, $"1.2.3.1.{number + 1}").Set(DicomTag.StudyInstanceUID, "1.2.3")
            .Set(DicomTag.SeriesInstanceUID, "1.2.3.1")
        .Set(DicomTag.PatientID, "P-1").Set(DicomTag.PatientName, "Doe^Jane").Set(DicomTag.Modality, "CT").Set(DicomTag.InstanceNumber, number + 1)
            .Set(DicomTag.StudyID, "1").Set(DicomTag.SeriesNumber, 1)
        .Set(DicomTag.StudyDate, "20260101").Set(DicomTag.StudyTime, "120000").Set(DicomTag.AccessionNumber, "A")
        .Set(new DicomValue(DicomTag.PixelData, Vr.OW, new byte[200_000]))
        .Build();

    private string At(string name) => Path.Combine(_folder, name);

    private sealed class Recorder(List<SubOperations> reports) : IProgress<SubOperations>
    {
        public void Report(SubOperations value) => reports.Add(value);
    }
}
