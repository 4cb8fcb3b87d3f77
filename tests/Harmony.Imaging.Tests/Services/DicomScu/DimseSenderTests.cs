using Harmony.Dicom.Data;
using Harmony.Dicom.Data.CharacterSets;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
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

    /// <summary>
    /// Old systems know one set of eight bits, or one of ISO 2022, and nothing else: keys reach them as they came, and answers come back in their set.
    /// </summary>
    [Theory]
    [InlineData("ISO_IR 100", "R\u00F6ntgen*", "52F66E7467656E2A")]
    [InlineData("\\ISO 2022 IR 87", null, "2A3D1B24423B3345441B28425E2A20")] // *=山田^*
    [InlineData("ISO_IR 192", "R\u00F6ntgen*", "52C3B66E7467656E2A20")]
    public async Task Query_CharacterSet_GoesOnWithIt(string set, string? text, string bytes)
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await StartAsync(pacs.Port, "");
        await using var association = await ConnectAsync(gateway);
        var terms = set.Split('\\');
        var name = text is null ? Convert.FromHexString(bytes)[..^1] : SpecificCharacterSet.Parse(terms).TryEncode(text, out var encoded) ? encoded : [];
        var characterSet = SpecificCharacterSet.Parse(terms);
        var identifier = new DicomDataSetBuilder(characterSet).Set(DicomTag.SpecificCharacterSet, terms).Set(DicomTag.QueryRetrieveLevel, "STUDY")
            .Set(DicomTag.StudyInstanceUID)
            .Set(new DicomValue(DicomTag.PatientName, Vr.PN, name, characterSet)).Build();
        await foreach (var _ in association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, identifier, ct: Guard.Token)) Assert.Fail("a match");
        var asked = Assert.Single(pacs.Identifiers);
        Assert.Equal(set, string.Join('\\', asked.GetStrings(DicomTag.SpecificCharacterSet)));
        Assert.True(asked.TryGet<DicomValue>(DicomTag.PatientName, out var key));
        Assert.Equal(bytes, Convert.ToHexString(key.Bytes.Span.TrimEnd((byte)' ')) + (bytes.EndsWith("20", StringComparison.Ordinal) ? "20" : ""));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Answer_OfAPacs_ComesInItsCharacterSetWhereNoneWasAskedFor(string? asked)
    {
        await using var pacs = FakePacs.Start();
        var study = new DicomDataSetBuilder(SpecificCharacterSet.Parse(["ISO_IR 100"])).Set(DicomTag.SOPClassUID, Uid.CTImageStorage)
            .Set(DicomTag.SOPInstanceUID, "1.2.3").Set(DicomTag.StudyInstanceUID, "1.2")
            .Set(DicomTag.PatientName, "R\u00F6ntgen").Build();
        pacs.Objects.Add(study, study);
        await using var gateway = await StartAsync(pacs.Port, "");
        await using var association = await ConnectAsync(gateway);
        var identifier = new DicomDataSetBuilder(SpecificCharacterSet.Default).Set(DicomTag.QueryRetrieveLevel, "STUDY").Set(DicomTag.PatientName);
        if (asked is not null) identifier.Set(new DicomValue(DicomTag.SpecificCharacterSet, Vr.CS, default));
        var found = new List<DicomDataSet>();
        await foreach (var match in association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, identifier.Build(), ct: Guard.Token))
            found.Add(match);
        Assert.Equal(("ISO_IR 100", "R\u00F6ntgen"), (Assert.Single(found).GetString(DicomTag.SpecificCharacterSet), found[0].GetString(DicomTag.PatientName)));
    }

    /// <summary>Objects that were fetched for it, their folder and its mark are gone when they have been sent.</summary>
    [Fact]
    public async Task Get_LeavesNothingBehind()
    {
        var work = Directory.CreateTempSubdirectory("harmony-scu-").FullName;
        try
        {
            await using var pacs = FakePacs.WithStudy();
            await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScuGateway.Toml(pacs.Port, work), $"storage_dir = \"{work}\""));
            var contexts = new[] { ContextProposal.For(Uid.GETStudyRootQueryRetrieveInformationModel), ContextProposal.ToReceive(Uid.CTImageStorage) };
            await using (var association = await new DicomClient().ConnectAsync(
                new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "HARMONY_SCP", "CT1"), contexts, Guard.Token))
            {
                var study = new DicomDataSetBuilder().Set(DicomTag.QueryRetrieveLevel, "STUDY").Set(DicomTag.StudyInstanceUID, "1.2").Build();
                var result = await association.GetAsync(Uid.GETStudyRootQueryRetrieveInformationModel, study, new Sink(), ct: Guard.Token);
                Assert.Equal((DimseStatus.Success, 4), (result.Result.Status, result.SubOperations.Completed));
            }

            await gateway.StopAsync(Guard.Token);
            Assert.Empty(Directory.EnumerateFileSystemEntries(work));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>A worklist is asked for worklist items, in its own model and without a level: PS3.4 annex K.</summary>
    [Fact]
    public async Task Worklist_IsAskedAsOne()
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await StartAsync(pacs.Port, "");
        await using var association = await ConnectAsync(gateway);
        var identifier = new DicomDataSetBuilder().Set(DicomTag.PatientName, "S*")
            .Set(DicomTag.ScheduledProcedureStepSequence, [new DicomDataSetBuilder().Set(DicomTag.Modality, "CT").Build()]).Build();
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
            [ContextProposal.For(sopClass.Length > 0 ? sopClass : Uid.CTImageStorage), ContextProposal.For(Uid.FINDStudyRootQueryRetrieveInformationModel),
                ContextProposal.For(Uid.FINDModalityWorklistInformationModel)], Guard.Token);

    private static async Task<DimseStatus> StoreAsync(ClientAssociation association)
        => (await association.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3.4"), TransferSyntax.ExplicitVRLittleEndian), ct: Guard.Token)).Status;

    private sealed class Sink : IStoreHandler
    {
        public ValueTask<DimseResult> StoreAsync(StoreOperation operation, CancellationToken ct) => new(DimseResult.Success);
    }
}
