using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
using Harmony.Testing;

namespace Harmony.Dicom.Tests.Network.Scp;

/// <summary>What is stored is what the sender says it is.</summary>
public sealed class StoredIdentityTests
{
    private const string Instance = "1.2.3";

    [Theory]
    [InlineData(Uid.CTImageStorage, "9.9.9", 0xA900)]
    [InlineData(Uid.MRImageStorage, Instance, 0xA900)]
    [InlineData(null, Instance, 0xA900)]
    [InlineData(Uid.CTImageStorage, null, 0xA900)]
    [InlineData(null, null, 0xA900)]
    [InlineData(Uid.CTImageStorage, Instance, 0)]
    public async Task Object_ThatIsAnother_IsRefused(string? sopClass, string? instance, int status)
    {
        await using var server = TestServer.Start();
        await using var association = await server.ConnectAsync();
        Assert.Equal(status, await StoreAsync(association, Object(sopClass, instance)));
        Assert.Equal(status == 0 ? 1 : 0, server.Archive.Stored.Count);
        Assert.Equal(0, await StoreAsync(association, Object(Uid.CTImageStorage, Instance))); // the association goes on
    }

    [Fact]
    public async Task Object_OfNoBytes_IsRefused()
    {
        await using var server = TestServer.Start();
        using var peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(RawPeer.Store());
        await peer.SendAsync(RawPeer.Data(3, 2, []));
        Assert.Equal(0xA900, (await peer.ReadMessageAsync()).GetInt32(DicomTag.Status));
        Assert.Empty(server.Archive.Stored);
    }

    /// <summary>Whatever stands before the UIDs, and however small the pieces are in which it comes.</summary>
    [Fact]
    public async Task Object_WithALongBeginning_IsRead()
    {
        await using var server = TestServer.Start();
        using var peer = await RawPeer.AssociateAsync(server.Port);
        var image = Object(Uid.CTImageStorage, Instance).ToBuilder().Set(DicomTag.SpecificCharacterSet, "ISO_IR 192")
            .Set(DicomTag.LanguageCodeSequence, [.. Enumerable.Range(0, 50).Select(i =>
            new DicomDataSetBuilder().Set(DicomTag.CodeMeaning, new string('x', 60)).Build())]).Build();
        var bytes = await DicomWriter.ToBytesAsync(image, TransferSyntax.ImplicitVRLittleEndian);
        await peer.SendAsync(RawPeer.Store());
        for (var at = 0; at < bytes.Length; at += 7)
            await peer.SendAsync(RawPeer.Data(3, (byte)(at + 7 < bytes.Length ? 0 : 2), bytes[at..Math.Min(at + 7, bytes.Length)]));
        Assert.Equal(0, (await peer.ReadMessageAsync()).GetInt32(DicomTag.Status));
        Assert.Equal(Instance, server.Archive.Read(Instance).GetString(DicomTag.SOPInstanceUID));
    }

    [Fact]
    public async Task Object_Deflated_IsRead()
    {
        await using var server = TestServer.Start();
        await using var association = await server.ConnectAsync([new(Uid.CTImageStorage, [TransferSyntax.DeflatedExplicitVRLittleEndian])]);
        Assert.Equal(0, await StoreAsync(association, TestServer.Image(1).ToBuilder().Set(DicomTag.SOPInstanceUID, Instance).Build()));
        Assert.Equal(0xA900, await StoreAsync(association, TestServer.Image(1)));
    }

    /// <summary>For devices whose objects contradict their commands.</summary>
    [Fact]
    public async Task Object_ThatIsAnother_IsTakenWhereNobodyChecks()
    {
        await using var server = TestServer.Start(new AcceptorOptions { ChecksObjects = false });
        await using var association = await server.ConnectAsync();
        Assert.Equal(0, await StoreAsync(association, Object(Uid.CTImageStorage, "9.9.9")));
    }

    private static async Task<int> StoreAsync(Harmony.Dicom.Network.Scu.ClientAssociation association, DicomDataSet dataSet)
    {
        var (response, _) =
            await association.InvokeAsync(new CStoreRequest { SopClassUid = Uid.CTImageStorage, SopInstanceUid = Instance }, dataSet, Guard.Token);
        return response.Status.Code;
    }

    private static DicomDataSet Object(string? sopClass, string? instance)
    {
        var builder = new DicomDataSetBuilder().Set(DicomTag.Modality, "CT");
        if (sopClass is not null) builder.Set(DicomTag.SOPClassUID, sopClass);
        if (instance is not null) builder.Set(DicomTag.SOPInstanceUID, instance);
        return builder.Build();
    }
}
