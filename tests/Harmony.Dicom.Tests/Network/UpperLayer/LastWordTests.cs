using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scp;

namespace Harmony.Dicom.Tests.Network.UpperLayer;

/// <summary>What peers still say when all has been said (Sta13 of PS3.8 table 9-10). ARTIM is no limit here: a wait for it fails the test.</summary>
public sealed class LastWordTests
{
    private static readonly byte[] Abort = PduCodec.Encode(new AbortPdu(AbortSource.ServiceUser));
    private static readonly byte[] Release = PduCodec.Encode(new ReleaseRequestPdu());
    private static readonly AcceptorOptions Patient = new() { Artim = Timeout.InfiniteTimeSpan };

    /// <summary>DCMTK's getscu does so after a C-GET with failures, and waits for the end of the connection: AA-2.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Abort_AfterRelease_EndsTheConnectionAtOnce(bool inOneSegment)
    {
        await using var server = TestServer.Start(Patient);
        using var peer = await RawPeer.AssociateAsync(server.Port);
        if (inOneSegment)
        {
            await peer.SendAsync([.. Release, .. Abort]);
        }
        else
        {
            await peer.SendAsync(Release);
            Assert.IsType<ReleaseResponsePdu>(await peer.ReadAsync());
            await peer.SendAsync(Abort);
        }

        await peer.ClosedAsync();
        await server.Archive.EndedAsync(AssociationEndKind.Released);
    }

    [Fact]
    public async Task Abort_AfterARejection_EndsTheConnectionAtOnce()
    {
        await using var server = TestServer.Start(Patient with { Policy = new NegotiationPolicy { CalledAeTitles = new HashSet<string> { "OTHER" } } });
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(RawPeer.Request());
        Assert.IsType<AssociateRejectPdu>(await peer.ReadAsync());
        await peer.SendAsync(Abort);
        Assert.Null(await peer.ReadAsync());
    }

    /// <summary>Behind data that are too late, byte by byte, and after our own A-ABORT: headers are found.</summary>
    [Fact]
    public async Task Abort_BehindOtherPdusInPieces_EndsTheConnection()
    {
        await using var server = TestServer.Start(Patient);
        using var peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(RawPeer.Request()); // A-ASSOCIATE-RQ in an association: AA-8
        Assert.IsType<AbortPdu>(await peer.ReadAsync());
        foreach (var value in RawPeer.Data(3, 3, new byte[100]).Concat(Release).Concat(Abort)) await peer.SendAsync(value);
        Assert.Null(await peer.ReadAsync());
    }

    /// <summary>AA-7.</summary>
    [Theory]
    [InlineData(0x01, AbortReason.UnexpectedPdu)]
    [InlineData(0x63, AbortReason.UnrecognizedPdu)]
    public async Task RequestOrUnknownPdu_AfterRelease_IsAborted(byte type, AbortReason reason)
    {
        await using var server = TestServer.Start(Patient);
        using var peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(Release);
        Assert.IsType<ReleaseResponsePdu>(await peer.ReadAsync());
        await peer.SendAsync(type == 1 ? RawPeer.Request() : [type, 0, 0, 0, 0, 2, 9, 9]);
        Assert.Equal(reason, Assert.IsType<AbortPdu>(await peer.ReadAsync()).Reason);
        await peer.SendAsync(Abort);
        Assert.Null(await peer.ReadAsync());
    }

    /// <summary>Nothing else can follow: the peer has said that it sends no more.</summary>
    [Fact]
    public async Task Release_InTheMiddleOfAMessage_IsAbortedAtOnce()
    {
        await using var server = TestServer.Start(Patient);
        using var peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync([.. RawPeer.Store(), .. Release]);
        Assert.IsType<AbortPdu>(await peer.ReadAsync());
    }
}
