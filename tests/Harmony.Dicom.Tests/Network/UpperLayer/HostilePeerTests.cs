using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Transport;
using Harmony.Testing;

namespace Harmony.Dicom.Tests.Network.UpperLayer;

/// <summary>Whatever peers send, they are answered as the standard says, cost no more than they sent, and others are served.</summary>
public sealed class HostilePeerTests
{
    private const byte Command = 1, Last = 2;

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("\u0016\u0003\u0001")]
    [InlineData("\0")]
    [InlineData("\u0008")]
    public async Task AnotherProtocol_IsAbortedAtItsFirstByte(string text)
    {
        await using var server = TestServer.Start();
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(Encoding.Latin1.GetBytes(text));
        Assert.Equal(new AbortPdu(AbortSource.ServiceUser), await peer.ReadAsync());
        peer.Dispose();
        await server.Archive.EndedAsync(AssociationEndKind.ProtocolError);
    }

    public static TheoryData<string, byte[], AbortReason> Violations()
    {
        var echo = new CEchoRequest { MessageId = 1 }.ToBytes();
        var find = new CFindRequest { MessageId = 1, SopClassUid = Uid.FINDStudyRootQueryRetrieveInformationModel, HasDataSet = true }.ToBytes();
        return new()
        {
            { "P-DATA-TF of 4 GiB", [4, 0, 0xFF, 0xFF, 0xFF, 0xFF], AbortReason.InvalidPduParameterValue },
            { "P-DATA-TF longer than agreed", [4, 0, 0, 2, 0, 1], AbortReason.InvalidPduParameterValue },
            { "A-RELEASE-RQ of 4 GiB", [5, 0, 0xFF, 0xFF, 0xFF, 0xFF], AbortReason.InvalidPduParameterValue },
            { "no such PDU", [9, 0, 0, 0, 0, 0], AbortReason.UnrecognizedPdu },
            { "HTTP", "POST / HTTP/1.1"u8.ToArray(), AbortReason.UnrecognizedPdu },
            { "another request for an association", RawPeer.Request(), AbortReason.UnexpectedPdu },
            { "an acceptance", PduCodec.Encode(new AssociateAcceptPdu { CalledAeTitle = "A", CallingAeTitle = "B", PresentationContexts = [],
                UserInformation = new() }), AbortReason.UnexpectedPdu },
            { "a rejection", PduCodec.Encode(new AssociateRejectPdu(AssociationRejection.NoReason)), AbortReason.UnexpectedPdu },
            { "a release that nobody asked for", PduCodec.Encode(new ReleaseResponsePdu()), AbortReason.UnexpectedPdu },
            { "fragment longer than its PDU", RawPeer.Data(1, Command | Last, echo, fragmentLength: 5000), AbortReason.InvalidPduParameterValue },
            { "fragment of 4 GiB", RawPeer.Data(1, Command | Last, echo, fragmentLength: 0xFFFFFFFF), AbortReason.InvalidPduParameterValue },
            { "fragment without a header", RawPeer.Data(1, Command | Last, echo, fragmentLength: 1), AbortReason.InvalidPduParameterValue },
            { "a rest that is no fragment", RawPeer.Data(1, Command, [1, 2, 3], fragmentLength: 2), AbortReason.InvalidPduParameterValue },
            { "a context that was not accepted", RawPeer.Data(77, Command | Last, echo), AbortReason.UnexpectedPduParameter },
            { "a data set without a command", RawPeer.Data(1, Last, echo), AbortReason.UnexpectedPduParameter },
            { "a command where a data set belongs", [.. RawPeer.Data(5, Command | Last, find), .. RawPeer.Data(5, Command | Last, find)],
                AbortReason.UnexpectedPduParameter },
            { "a message in two contexts", [.. RawPeer.Data(5, Command, find[..10]), .. RawPeer.Data(1, Command | Last, find[10..])],
                AbortReason.UnexpectedPduParameter },
            { "a command that is none", RawPeer.Data(1, Command | Last, [1, 2, 3, 4, 5, 6, 7, 8, 9]), AbortReason.InvalidPduParameterValue },
            { "an empty command", RawPeer.Data(1, Command | Last, []), AbortReason.InvalidPduParameterValue },
            { "a command without end", [.. Enumerable.Repeat(RawPeer.Data(1, Command, new byte[16000]), 5).SelectMany(b => b)],
                AbortReason.InvalidPduParameterValue },
        };
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task Violation_IsAborted_WithItsReason(string what, byte[] bytes, AbortReason reason)
    {
        await using var server = TestServer.Start();
        using var peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(bytes);
        var answer = await peer.ReadAsync();
        Assert.True(answer is AbortPdu { Source: AbortSource.ServiceProvider } abort && abort.Reason == reason, $"{what}: {answer}");
        peer.Dispose();
        await server.Archive.EndedAsync(AssociationEndKind.ProtocolError);
        await using var other = await server.ConnectAsync();
        await other.EchoAsync(Guard.Token);
    }

    /// <summary>Neither stack nor heap follows the depth; the association lives on.</summary>
    [Fact]
    public async Task Identifier_NestedTenThousandDeep_IsRefused()
    {
        await using var server = TestServer.Start();
        using var peer = await RawPeer.AssociateAsync(server.Port);
        byte[] level = [8, 0, 0x40, 0x11, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF];
        byte[] nested = [.. Enumerable.Repeat(level, 10_000).SelectMany(b => b)];
        await peer.SendAsync(RawPeer.Data(
            5, Command | Last, new CFindRequest { MessageId = 2, SopClassUid = Uid.FINDStudyRootQueryRetrieveInformationModel, HasDataSet = true }.ToBytes()));
        foreach (var piece in nested.Chunk(16_000)) await peer.SendAsync(RawPeer.Data(5, 0, piece));
        await peer.SendAsync(RawPeer.Data(5, Last, [])); // an empty last fragment
        Assert.NotNull(await peer.ReadAsync()); // the response
        await peer.SendAsync(PduCodec.Encode(new ReleaseRequestPdu()));
        Assert.IsType<ReleaseResponsePdu>(await peer.ReadAsync());
        peer.Dispose();
        await server.Archive.EndedAsync(AssociationEndKind.Released);
        Assert.Empty(server.Archive.Failures);
    }

    [Fact]
    public async Task Silence_BeforeTheRequest_EndsWithArtim()
    {
        var clock = new TestTimeProvider();
        await using var server = TestServer.Start(new AcceptorOptions { TimeProvider = clock });
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(RawPeer.Request()[..50]);
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(10), peer.ClosedAsync());
        await server.Archive.EndedAsync(AssociationEndKind.TimedOut);
    }

    [Fact]
    public async Task Silence_InTheMiddleOfAnObject_FreesEverythingWithArtim()
    {
        var clock = new TestTimeProvider();
        var store = new WaitingStore();
        await using var server = TestServer.Start(new AcceptorOptions { TimeProvider = clock }, new DimseHandlers { Store = store });
        using var peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync([.. RawPeer.Store(), .. RawPeer.DataSet(control: 0)]);
        await store.Reading.Guarded();
        var abort = peer.ReadAsync();
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(10), abort);
        Assert.Equal(new AbortPdu(AbortSource.ServiceUser), await abort);
        var e = await Assert.ThrowsAsync<AssociationEndedException>(() => store.Ended.Guarded());
        Assert.Equal(AssociationEndKind.TimedOut, e.End.Kind);
        // It does not close either.
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(10), server.Archive.EndedAsync(AssociationEndKind.TimedOut));
        Assert.Equal(0, server.Acceptor.ActiveAssociations);
    }

    [Fact]
    public async Task Disconnecting_InTheMiddleOfAnObject_IsSeenByTheHandler()
    {
        var store = new WaitingStore();
        await using var server = TestServer.Start(null, new DimseHandlers { Store = store });
        using (var peer = await RawPeer.AssociateAsync(server.Port))
        {
            await peer.SendAsync([.. RawPeer.Store(), .. RawPeer.DataSet(control: 0)]);
            await store.Reading.Guarded();
        }

        await Assert.ThrowsAsync<AssociationEndedException>(() => store.Ended.Guarded());
        await server.Archive.EndedAsync(AssociationEndKind.ConnectionLost);
    }

    [Fact]
    public async Task Idleness_EndsTheAssociation()
    {
        var clock = new TestTimeProvider();
        await using var server = TestServer.Start(new AcceptorOptions { TimeProvider = clock, IdleTimeout = TimeSpan.FromMinutes(2) });
        using var peer = await RawPeer.AssociateAsync(server.Port);
        var abort = peer.ReadAsync();
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(10), abort);
        Assert.IsType<AbortPdu>(await abort);
        peer.Dispose();
        await server.Archive.EndedAsync(AssociationEndKind.TimedOut);
    }

    [Fact]
    public async Task Conversation_TruncatedAtEveryByte_Ends()
    {
        var acceptor = new DicomAcceptor(new AcceptorOptions(), new TestArchive().Handlers);
        var bytes = Conversation();
        for (var length = 0; length <= bytes.Length; length++) await RunAsync(acceptor, bytes[..length]);
        Assert.Equal(0, acceptor.ActiveAssociations);
    }

    /// <summary>The same everywhere: what fails can be repeated.</summary>
    [Fact]
    public async Task Conversation_MutatedAtRandom_Ends()
    {
        var archive = new TestArchive();
        var acceptor = new DicomAcceptor(new AcceptorOptions(), archive.Handlers, archive);
        var original = Conversation();
        var seed = 99u;
        for (var round = 0; round < 3000; round++)
        {
            var bytes = original.ToArray();
            for (var change = Next(5); change >= 0; change--) bytes[Next(bytes.Length)] = Next(3) switch { 0 => 0xFF, 1 => 0, _ => (byte)Next(256) };
            await RunAsync(acceptor, bytes);
        }

        Assert.Equal(0, acceptor.ActiveAssociations);
        Assert.Empty(archive.Failures);

        int Next(int below)
        {
            seed = (seed * 1664525) + 1013904223;
            return (int)((seed >> 8) % (uint)below);
        }
    }

    /// <summary>Association, C-ECHO, C-STORE in pieces, C-FIND, release.</summary>
    private static byte[] Conversation() =>
    [
        .. RawPeer.Request(),
        .. RawPeer.Data(1, Command | Last, new CEchoRequest { MessageId = 1 }.ToBytes()),
        .. RawPeer.Store(),
        .. RawPeer.Data(3, 0, [8, 0, 0x16, 0, 4, 0, 0, 0, 0x31]),
        .. RawPeer.Data(3, Last, [0x2E, 0x32, 0]),
        .. RawPeer.Data(
            5, Command | Last, new CFindRequest { MessageId = 2, SopClassUid = Uid.FINDStudyRootQueryRetrieveInformationModel, HasDataSet = true }.ToBytes()),
        .. RawPeer.Data(5, Last, [8, 0, 0x52, 0, 6, 0, 0, 0, .. "STUDY "u8]),
        .. PduCodec.Encode(new ReleaseRequestPdu()),
    ];

    private static async Task RunAsync(DicomAcceptor acceptor, byte[] bytes)
    {
        var pipe = new MemoryPipe(PipeReader.Create(new ReadOnlySequence<byte>(bytes)), PipeWriter.Create(Stream.Null));
        await acceptor.RunAsync(new DicomConnection { Transport = pipe }, CancellationToken.None).Guarded();
    }

    private sealed record MemoryPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Reads to the end of the object.</summary>
    private sealed class WaitingStore : IStoreHandler
    {
        private readonly TaskCompletionSource _reading = Guard.NewSignal();
        private readonly TaskCompletionSource _ended = Guard.NewSignal();

        public Task Reading => _reading.Task;

        public Task Ended => _ended.Task;

        public async ValueTask<DimseResult> StoreAsync(StoreOperation operation, CancellationToken ct)
        {
            try
            {
                var read = await operation.DataSet.ReadAsync(CancellationToken.None);
                operation.DataSet.AdvanceTo(read.Buffer.End);
                _reading.TrySetResult();
                await operation.DataSet.CopyToAsync(Stream.Null, CancellationToken.None);
                _ended.TrySetResult();
            }
            catch (Exception e)
            {
                _ended.TrySetException(e);
                throw;
            }

            return DimseResult.Success;
        }
    }
}
