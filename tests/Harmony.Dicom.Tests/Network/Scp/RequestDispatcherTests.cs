using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Tests.Network.Scp;

public sealed class RequestDispatcherTests
{
    private const byte Verification = 1, Storage = 3;

    /// <summary>What was accepted is a SOP class, not a way to send any: PS3.7 §D.3.2.</summary>
    [Theory]
    [InlineData(Storage, Uid.SecondaryCaptureImageStorage, 0x0122)]
    [InlineData(Verification, Uid.CTImageStorage, 0x0122)]
    [InlineData(Storage, "", 0x0122)]
    [InlineData(Storage, Uid.CTImageStorage, 0)]
    public async Task SopClass_OtherThanTheContexts_IsRefused(byte context, string sopClass, int status)
    {
        await using var server = TestServer.Start();
        using var peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(
            RawPeer.Data(context, 3, new CStoreRequest { MessageId = 1, SopClassUid = sopClass, SopInstanceUid = "1.2.3", HasDataSet = true }.ToBytes()));
        await peer.SendAsync(RawPeer.DataSet(context: context));
        Assert.Equal(status, (await peer.ReadMessageAsync()).GetInt32(DicomTag.Status));
        Assert.Equal(status == 0 ? 1 : 0, server.Archive.Stored.Count);
    }

    /// <summary>An object without a name is refused by itself: the association and its other objects go on.</summary>
    [Fact]
    public async Task Store_WithoutInstanceUid_CostsThatObjectOnly()
    {
        await using var server = TestServer.Start();
        using var peer = await RawPeer.AssociateAsync(server.Port);
        foreach (var (uid, status) in new[] { ("", 0x0117), ("1.2.3", 0) })
        {
            await peer.SendAsync(RawPeer.Store(uid));
            await peer.SendAsync(RawPeer.DataSet());
            Assert.Equal(status, (await peer.ReadMessageAsync()).GetInt32(DicomTag.Status));
        }

        Assert.Equal("1.2.3", Assert.Single(server.Archive.Stored).SopInstanceUid);
    }
}
