using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;

namespace Harmony.Dicom.Tests.Network.Scu;

/// <summary>
/// Peers that take a connection and say nothing, and do not close it after an A-ABORT either. Whoever waits is told when the time that is written has passed;
/// the clock stands after that, so a second wait would have no end.
/// </summary>
public sealed class SilentPeerTests
{
    private static readonly TimeSpan Artim = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan OperationTimeout = TimeSpan.FromSeconds(77);

    private readonly TestTimeProvider _clock = new();

    [Fact]
    public async Task Connect_IsGivenUp_WhenArtimHasPassedOnce()
    {
        await using var peer = RawOrigin.Start(connection => Task.Delay(Timeout.Infinite, connection.Stop));
        var connecting = ConnectAsync(peer);
        await _clock.AdvanceToTimerAsync(After(Artim));
        var fault = await Assert.ThrowsAsync<AssociationTimeoutException>(() => connecting.Guarded());
        Assert.Equal(Artim, fault.Limit);
    }

    [Fact]
    public async Task Operation_IsGivenUp_WhenItsTimeHasPassed_AndSoIsTheAssociation()
    {
        await using var peer = RawOrigin.Start(AcceptAndWaitAsync);
        var association = await ConnectAsync(peer).Guarded();
        var echo = association.EchoAsync();
        await _clock.AdvanceToTimerAsync(After(OperationTimeout));
        await Assert.ThrowsAsync<AssociationTimeoutException>(() => echo.Guarded());
        await association.DisposeAsync().AsTask().Guarded();
    }

    [Fact]
    public async Task Release_IsGivenUp_WhenArtimHasPassedOnce()
    {
        await using var peer = RawOrigin.Start(AcceptAndWaitAsync);
        var association = await ConnectAsync(peer).Guarded();
        var releasing = association.ReleaseAsync();
        await _clock.AdvanceToTimerAsync(After(Artim));
        await releasing.Guarded();
        Assert.False(association.IsOpen);
    }

    private Task<ClientAssociation> ConnectAsync(RawOrigin peer) => new DicomClient(new ClientOptions
    {
        Artim = Artim, OperationTimeout = OperationTimeout, ConnectTimeout = TimeSpan.FromHours(1), TimeProvider = _clock,
    }).ConnectAsync(new DicomPeer("127.0.0.1", peer.Url.Port, "PEER", "CLIENT"), [ContextProposal.For(Uid.VerificationSOPClass)]);

    private static async Task AcceptAndWaitAsync(RawConnection connection)
    {
        await connection.Stream.ReadExactlyAsync(new byte[6], connection.Stop);
        await connection.Stream.WriteAsync(PduCodec.Encode(new AssociateAcceptPdu
        {
            CalledAeTitle = "PEER", CallingAeTitle = "CLIENT", UserInformation = new UserInformation(),
            PresentationContexts = [new(1, ContextResult.Accepted, TransferSyntax.ExplicitVRLittleEndian.Uid)],
        }), connection.Stop);
        await Task.Delay(Timeout.Infinite, connection.Stop);
    }

    /// <summary>When a time has passed, with the millisecond by which a timer must not be early.</summary>
    private static TimeSpan After(TimeSpan time) => time + TimeSpan.FromMilliseconds(1);
}
