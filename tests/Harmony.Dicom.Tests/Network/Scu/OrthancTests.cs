using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Dicom.Tests.Network.Scu;

/// <summary>Our client, our server, and a real PACS.</summary>
public sealed class OrthancTests
{
    [OrthancFact]
    public async Task Study_IsStoredFoundAndBroughtBack()
    {
        await using var own = TestServer.Start();
        await using var orthanc = await OrthancPeer.StartAsync("ORTHANC", ("HARMONY", own.Port));
        var peer = new DicomPeer("127.0.0.1", orthanc.DicomPort, "ORTHANC", "HARMONY");
        await using var association = await new DicomClient().ConnectAsync(peer, TestServer.Everything, Guard.Token);
        for (var i = 0; i < 5; i++)
        {
            var image = TestServer.Image(i, 300_000).ToBuilder().Set(DicomTag.SeriesInstanceUID, "1.2.3.1").Build();
            Assert.Equal(
                DimseStatus.Success, (await association.StoreAsync(SopInstance.Of(image, TransferSyntax.ExplicitVRLittleEndian), ct: Guard.Token)).Status);
        }

        Assert.Equal(5, await orthanc.CountAsync());
        var query = TestServer.Query("P-1");
        var match = Assert.Single(await association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, query, ct: Guard.Token).ToListAsync());
        Assert.Equal("山田", match.GetPersonName(DicomTag.PatientName)?.IdeographicParts.FamilyName);

        var study = new DicomDataSetBuilder().Set(DicomTag.QueryRetrieveLevel, "STUDY").Set(DicomTag.StudyInstanceUID, "1.2.3").Build();
        var received = new TestArchive();
        var got = await association.GetAsync(Uid.GETStudyRootQueryRetrieveInformationModel, study, received, ct: Guard.Token);
        Assert.Equal((DimseStatus.Success, 5), (got.Result.Status, received.Objects.Count));

        var moved = await association.MoveAsync(Uid.MOVEStudyRootQueryRetrieveInformationModel, study, "HARMONY", ct: Guard.Token);
        Assert.Equal((DimseStatus.Success, 5), (moved.Result.Status, own.Archive.Objects.Count));
    }
}
