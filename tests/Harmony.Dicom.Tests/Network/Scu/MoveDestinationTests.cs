using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;

namespace Harmony.Dicom.Tests.Network.Scu;

public sealed class MoveDestinationTests
{
    private const int Large = 400_000; // several PDUs, so that a part of it is out when it breaks off

    /// <summary>One of three objects cannot be read beyond its middle. It is counted as failed, under its UID, and the others arrive.</summary>
    [Fact]
    public async Task Object_ThatBreaksOff_CostsTheOthersNothing()
    {
        await using var destination = TestServer.Start();
        await using var server = TestServer.Start();
        for (var i = 1; i <= 3; i++) server.Archive.Add(TestServer.Image(i, Large), TransferSyntax.ExplicitVRLittleEndian);
        var whole = server.Archive.Objects["1.2.3.2"];
        server.Archive.Instances = uid => uid == "1.2.3.2" ? new BreakingStream(whole) : new MemoryStream(server.Archive.Objects[uid]);
        server.Archive.Destinations = async (_, _, ct) => await MoveDestination.ConnectAsync(new DicomClient(), destination.Peer, TestServer.Everything, ct);

        await using var association = await server.ConnectAsync();
        var moved = await association.MoveAsync(Uid.MOVEStudyRootQueryRetrieveInformationModel, TestServer.Query("P-1"), "DEST", ct: Guard.Token);

        Assert.Equal((2, 1), (moved.SubOperations.Completed, moved.SubOperations.Failed));
        Assert.Equal(["1.2.3.2"], moved.FailedSopInstanceUids);
        Assert.Equal(["1.2.3.1", "1.2.3.3"], destination.Archive.Objects.Keys.Where(k => k != "1.2.3.2").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Object_ThatCannotBeRead_IsCountedUnderItsUid()
    {
        await using var server = TestServer.Start();
        server.Archive.Add(TestServer.Image(1), TransferSyntax.ExplicitVRLittleEndian);
        server.Archive.Add(TestServer.Image(2), TransferSyntax.ExplicitVRLittleEndian);
        server.Archive.Instances = uid => uid == "1.2.3.1" ? throw new IOException("gone") : new MemoryStream(server.Archive.Objects[uid]);
        var received = new TestArchive();

        await using var association = await server.ConnectAsync();
        var got = await association.GetAsync(Uid.GETStudyRootQueryRetrieveInformationModel, TestServer.Query("P-1"), received, ct: Guard.Token);

        Assert.Equal(DimseStatus.SubOperationsWithFailures, got.Result.Status);
        Assert.Equal(["1.2.3.1"], got.FailedSopInstanceUids);
        Assert.Equal(["1.2.3.2"], received.Objects.Keys);
    }

    /// <summary>A file on a disk that fails in the middle.</summary>
    private sealed class BreakingStream(byte[] whole) : MemoryStream(whole)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => Position > Length / 2 ? throw new IOException("unreadable") : base.ReadAsync(buffer, cancellationToken);
    }
}
