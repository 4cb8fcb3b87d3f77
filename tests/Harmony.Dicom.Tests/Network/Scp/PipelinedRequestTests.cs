using System.Runtime.CompilerServices;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scp;
using Harmony.Testing;

namespace Harmony.Dicom.Tests.Network.Scp;

/// <summary>Peers that send a request before the response to the last: they are heard all the same.</summary>
public sealed class PipelinedRequestTests : IFindHandler
{
    private readonly TaskCompletionSource<CancellationToken> _isFinding = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async IAsyncEnumerable<FindMatch> FindAsync(QueryOperation<CFindRequest> operation, [EnumeratorCancellation] CancellationToken ct)
    {
        _isFinding.TrySetResult(ct);
        await _goOn.Task.WaitAsync(ct);
        yield break;
    }

    [Fact]
    public async Task Abort_BehindAWaitingRequest_CancelsTheOperation()
    {
        await using var server = Start();
        using var peer = await FindingAsync(server);
        var found = await _isFinding.Task.Guarded();
        await peer.SendAsync(Echo(2));
        await peer.SendAsync(PduCodec.Encode(new AbortPdu(AbortSource.ServiceUser)));
        await CancelledAsync(found);
    }

    [Fact]
    public async Task LostConnection_BehindAWaitingRequest_CancelsTheOperation()
    {
        await using var server = Start();
        using var peer = await FindingAsync(server);
        var found = await _isFinding.Task.Guarded();
        await peer.SendAsync(Echo(2));
        peer.Dispose();
        await CancelledAsync(found);
    }

    [Fact]
    public async Task Cancel_BehindAWaitingRequest_CancelsTheOperationAndTheOtherIsPerformed()
    {
        await using var server = Start();
        using var peer = await FindingAsync(server);
        await _isFinding.Task.Guarded();
        await peer.SendAsync(Echo(2));
        await peer.SendAsync(RawPeer.Data(5, 3, new CCancelRequest { MessageIdBeingRespondedTo = 1 }.ToBytes()));
        Assert.Equal((1, 0xFE00), await AnswerAsync(peer));
        Assert.Equal((2, 0), await AnswerAsync(peer));
    }

    /// <summary>In the order in which they came, and the release that was asked for behind them all comes after the last.</summary>
    [Fact]
    public async Task Requests_AreAnsweredInTheirOrder_AndReleaseAfterThem()
    {
        await using var server = Start();
        using var peer = await FindingAsync(server);
        for (ushort id = 2; id < 10; id++) await peer.SendAsync(Echo(id));
        await peer.SendAsync(PduCodec.Encode(new ReleaseRequestPdu()));
        _goOn.SetResult();
        for (var id = 1; id < 10; id++) Assert.Equal((id, 0), await AnswerAsync(peer));
        Assert.IsType<ReleaseResponsePdu>(await peer.ReadAsync());
    }

    /// <summary>More than anybody would send in good faith are refused, each with its response.</summary>
    [Fact]
    public async Task Requests_TooMany_AreRefused()
    {
        await using var server = Start();
        using var peer = await FindingAsync(server);
        for (ushort id = 2; id <= 40; id++) await peer.SendAsync(Echo(id));
        _goOn.SetResult();
        var answers = new List<(int, int)>();
        for (var i = 0; i < 40; i++) answers.Add(await AnswerAsync(peer));
        Assert.Equal(Enumerable.Range(1, 40), answers.Select(a => a.Item1));
        Assert.All(answers.Take(17), a => Assert.Equal(0, a.Item2));
        Assert.Contains(answers, a => a.Item2 == 0x0213);
        Assert.All(answers, a => Assert.True(a.Item2 is 0 or 0x0213));
    }

    private TestServer Start()
        => TestServer.Start(new AcceptorOptions { Artim = Timeout.InfiniteTimeSpan }, new DimseHandlers { Find = this, Store = new TestArchive() });

    private static async Task<RawPeer> FindingAsync(TestServer server)
    {
        var peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(
            RawPeer.Data(5, 3, new CFindRequest { MessageId = 1, SopClassUid = Uid.FINDStudyRootQueryRetrieveInformationModel, HasDataSet = true }.ToBytes()));
        await peer.SendAsync(RawPeer.Data(5, 2, await DicomWriter.ToBytesAsync(TestServer.Query("*"), TransferSyntax.ImplicitVRLittleEndian)));
        return peer;
    }

    private static byte[] Echo(ushort id) => RawPeer.Data(1, 3, new CEchoRequest { MessageId = id }.ToBytes());

    private static async Task<(int Id, int Status)> AnswerAsync(RawPeer peer)
    {
        var message = await peer.ReadMessageAsync();
        return (message.GetInt32(DicomTag.MessageIDBeingRespondedTo)!.Value, message.GetInt32(DicomTag.Status)!.Value);
    }

    private static async Task CancelledAsync(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource();
        await using var registration = token.Register(() => cancelled.TrySetResult());
        await cancelled.Task.Guarded();
    }
}
