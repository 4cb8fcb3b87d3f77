using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Tests.Network.Scp;

/// <summary>A query that cannot be understood is no query for everything.</summary>
public sealed class IdentifierTests
{
    private static readonly byte[] Level = Samples.Implicit(0x00080052, 6, "STUDY "u8.ToArray());

    public static TheoryData<string, byte[], int> Cases() => new()
    {
        { "nothing", [], 0xA900 },
        { "three bytes", [1, 2, 3], 0xA900 },
        { "no level", Samples.Implicit(0x00100020, 4, "P-1 "u8.ToArray()), 0xA900 },
        { "no such level", [.. Samples.Implicit(0x00080052, 6, "FRAME "u8.ToArray())], 0xA900 },
        { "level without a value", [.. Samples.Implicit(0x00080052, 0)], 0xA900 },
        { "cut off within a tag", [.. Level, 0x10, 0, 0x20], 0xA900 },
        { "cut off within a length", [.. Level, 0x10, 0, 0x20, 0, 4, 0], 0xA900 },
        { "level in another letter case", [.. Samples.Implicit(0x00080052, 6, " study"u8.ToArray())], 0 },
        { "level", Level, 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Find_Identifier_IsReadWholeAndSaysItsLevel(string what, byte[] identifier, int status)
    {
        await using var server = TestServer.Start();
        using var peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(
            RawPeer.Data(5, 3, new CFindRequest { MessageId = 1, SopClassUid = Uid.FINDStudyRootQueryRetrieveInformationModel, HasDataSet = true }.ToBytes()));
        await peer.SendAsync(RawPeer.Data(5, 2, identifier));
        Assert.Equal((what, status), (what, (await peer.ReadMessageAsync()).GetInt32(DicomTag.Status)));
    }

    /// <summary>A request that lacks what it needs is answered; the association goes on.</summary>
    [Theory]
    [InlineData(Uid.MOVEStudyRootQueryRetrieveInformationModel, 0xA801)]
    [InlineData("", 0x0122)]
    public async Task Move_WithoutDestinationOrClass_IsAnswered(string sopClass, int status)
    {
        await using var server = TestServer.Start();
        const byte context = 7;
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(
            RawPeer.Request(new ContextProposalItem(context, Uid.MOVEStudyRootQueryRetrieveInformationModel, [TransferSyntax.ImplicitVRLittleEndian.Uid])));
        await peer.ReadAsync();
        for (var i = 0; i < 2; i++)
        {
            await peer.SendAsync(
                RawPeer.Data(context, 3, new CMoveRequest { MessageId = 1, SopClassUid = sopClass, MoveDestination = "", HasDataSet = true }.ToBytes()));
            await peer.SendAsync(RawPeer.Data(context, 2, Level));
            Assert.Equal(status, (await peer.ReadMessageAsync()).GetInt32(DicomTag.Status));
        }
    }
}
