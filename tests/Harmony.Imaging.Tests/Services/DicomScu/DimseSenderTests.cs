using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Services.DicomScu;

/// <summary>What somebody is told who asks the gateway by DIMSE, which asks another by DIMSE.</summary>
public sealed class DimseSenderTests
{
    /// <summary>That another try may do, not that processing failed.</summary>
    [Fact]
    public async Task Peer_Dead_IsOutOfResources()
    {
        await using var gateway = await StartAsync(FreePort.Take(), "");
        await using var association = await ConnectAsync(gateway);
        Assert.Equal(0xA701, (await StoreAsync(association)).Code);
        var failure = await Assert.ThrowsAsync<DimseException>(async () =>
        {
            var identifier = new DicomDataSetBuilder().Set(DicomTag.QueryRetrieveLevel, "STUDY").Set(DicomTag.StudyInstanceUID).Build();
            await foreach (var _ in association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, identifier, ct: Guard.Token))
            {
            }
        });
        Assert.Equal(0xA701, failure.Result.Status.Code);
    }

    [Fact]
    public async Task Peer_Silent_IsOutOfResources()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        await using var gateway = await StartAsync(((System.Net.IPEndPoint)listener.LocalEndpoint).Port, "artim_secs = 1");
        await using var association = await ConnectAsync(gateway);
        Assert.Equal(0xA701, (await StoreAsync(association)).Code);
    }

    [Fact]
    public async Task Peer_RejectsUs_IsOutOfResources()
    {
        await using var pacs = FakePacs.Start(new FakePacsSettings { AeTitle = "OTHER" });
        await using var gateway = await StartAsync(pacs.Port, "");
        await using var association = await ConnectAsync(gateway);
        Assert.Equal(0xA701, (await StoreAsync(association)).Code);
    }

    [DcmtkFact]
    public async Task Peer_DoesNotTakeTheKindOfObject_IsTold()
    {
        await using var pacs = await DcmtkPeer.QueryRetrieveScpAsync("PACS");
        await using var gateway = await StartAsync(pacs.Port, "");
        await using var association = await ConnectAsync(gateway, "1.2.3.4.5");
        var unknown = TestObjects.Ct("1.2.3.4").ToBuilder().Set(DicomTag.SOPClassUID, "1.2.3.4.5").Build();
        Assert.Equal(0x0122, (await association.StoreAsync(SopInstance.Of(unknown, TransferSyntax.ExplicitVRLittleEndian), ct: Guard.Token)).Status.Code);
    }

    [Fact]
    public async Task Peer_SaysNo_IsToldWhatItSaid()
    {
        await using var pacs = FakePacs.Start(new FakePacsSettings { Answers = new DimseResult(DimseStatus.DataSetDoesNotMatchSopClass) });
        await using var gateway = await StartAsync(pacs.Port, "");
        await using var association = await ConnectAsync(gateway);
        Assert.Equal(0xA900, (await StoreAsync(association)).Code);
    }

    /// <summary>A worklist is asked for worklist items, in its own model and without a level: PS3.4 annex K.</summary>
    [Fact]
    public async Task Worklist_IsAskedAsOne()
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await StartAsync(pacs.Port, "");
        await using var association = await ConnectAsync(gateway);
        var identifier = new DicomDataSetBuilder().Set(DicomTag.PatientName, "S*").Set(DicomTag.ScheduledProcedureStepSequence, [new DicomDataSetBuilder().Set(DicomTag.Modality, "CT").Build()]).Build();
        await foreach (var _ in association.FindAsync(Uid.FINDModalityWorklistInformationModel, identifier, ct: Guard.Token))
        {
        }

        Assert.Equal(Uid.FINDModalityWorklistInformationModel, Assert.Single(pacs.Models));
        Assert.False(Assert.Single(pacs.Identifiers).Contains(DicomTag.QueryRetrieveLevel));
    }

    private static Task<TestGateway> StartAsync(int port, string options) => TestGateway.StartAsync(ScpConfig.With(ScuGateway.Toml(port, "unused", options)));

    private static Task<ClientAssociation> ConnectAsync(TestGateway gateway, string sopClass = "")
        => new DicomClient().ConnectAsync(
            new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "HARMONY_SCP", "CT1"),
            [ContextProposal.For(sopClass.Length > 0 ? sopClass : Uid.CTImageStorage), ContextProposal.For(Uid.FINDStudyRootQueryRetrieveInformationModel), ContextProposal.For(Uid.FINDModalityWorklistInformationModel)], Guard.Token);

    private static async Task<DimseStatus> StoreAsync(ClientAssociation association)
        => (await association.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3.4"), TransferSyntax.ExplicitVRLittleEndian), ct: Guard.Token)).Status;
}
