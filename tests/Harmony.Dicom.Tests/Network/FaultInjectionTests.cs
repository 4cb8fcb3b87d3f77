using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Network.Transport;
using Harmony.Dicom.Network.UpperLayer;
using Harmony.Testing;

namespace Harmony.Dicom.Tests.Network;

/// <summary>What fails on this side of the wire costs what it belongs to, and nothing else.</summary>
public sealed class FaultInjectionTests
{
    /// <summary>A timer that fires while its owner is disposed of: on a timer's thread an exception would end the process.</summary>
    [Fact]
    public void Deadline_ThatPassesBesideItsDisposal_CallsNobody()
    {
        var calls = 0;
        var clock = new DisposingClock();
        using var deadline = new Deadline(clock, () => calls++);
        deadline.Set(TimeSpan.FromSeconds(1));
        clock.OnRead = deadline.Dispose; // between the firing and the call
        clock.Fire();
        Assert.Equal(0, calls);
        deadline.Set(TimeSpan.FromSeconds(1));
        clock.Fire();
        Assert.Equal(0, calls);
    }

    /// <summary>Connections that come at the very moment of the stop: it ends all the same, and so do they.</summary>
    [Fact]
    public async Task Stop_WhileConnectionsCome_Ends()
    {
        for (var round = 0; round < 20; round++)
        {
            var server = TestServer.Start();
            var address = new IPEndPoint(IPAddress.Loopback, server.Port);
            var connected = Guard.NewSignal();
            var clients = Enumerable.Range(0, 8).Select(_ => Task.Run(() => ComeAsync(address, connected))).ToArray();
            await connected.Task.Guarded();
            await server.DisposeAsync().AsTask().Guarded();
            await Task.WhenAll(clients).Guarded(); // each was served or refused, and is closed now
        }
    }

    [Fact]
    public async Task Observer_ThatThrows_CostsNoAssociation()
    {
        var acceptor = new DicomAcceptor(new AcceptorOptions { MaxAssociations = 1 }, new DimseHandlers { Store = new TestArchive() }, new ThrowingObserver());
        await using var server = DicomServer.Start(new DicomServerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) }, acceptor);
        for (var i = 0; i < 3; i++)
        {
            using var peer = await RawPeer.AssociateAsync(server.EndPoint.Port);
            await peer.SendAsync(RawPeer.Data(1, 3, new CEchoRequest { MessageId = 1 }.ToBytes()));
            await peer.ReadMessageAsync();
            await peer.SendAsync(RawPeer.Data(1, 3, new CEchoRequest { MessageId = 2 }.ToBytes()));
            await peer.ReadMessageAsync();
            await peer.SendAsync(PduCodec.Encode(new ReleaseRequestPdu()));
            Assert.IsType<ReleaseResponsePdu>(await peer.ReadAsync());
            peer.Dispose();
            await Guard.UntilAsync(() => acceptor.ActiveAssociations == 0); // counted out whatever the observer does
        }
    }

    /// <summary>Whoever judges identities and fails lets nobody in.</summary>
    [Fact]
    public async Task Judge_ThatThrows_RejectsTheAssociation()
    {
        await using var server = TestServer.Start(new AcceptorOptions { Identify = (_, _) => throw new InvalidOperationException("a bug") });
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(RawPeer.Request());
        Assert.Equal(AssociationRejection.TemporaryCongestion, Assert.IsType<AssociateRejectPdu>(await peer.ReadAsync()).Rejection);
    }

    /// <summary>A private transfer syntax is accepted where it is named.</summary>
    [Fact]
    public async Task PrivateSyntax_IsAcceptedWhereItIsNamed()
    {
        await using var server = TestServer.Start(new AcceptorOptions
        {
            Policy = new NegotiationPolicy
            {
                TransferSyntaxes = [TransferSyntax.Of("1.2.3.99.2"),
            TransferSyntax.ImplicitVRLittleEndian]
            }
        });
        ContextProposal[] proposals = [ContextProposal.For(Uid.VerificationSOPClass), new(Uid.CTImageStorage, [TransferSyntax.Of("1.2.3.99.2")]),
            new(Uid.CTImageStorage, [TransferSyntax.Of("1.2.3.99.3")])];
        await using var association = await server.ConnectAsync(proposals);
        Assert.Equal([ContextResult.Accepted, ContextResult.Accepted, ContextResult.TransferSyntaxesNotSupported],
            association.Info.PresentationContexts.Select(c => c.Result));
    }

    /// <summary>A context that was accepted with a transfer syntax that was not proposed is good for nothing; the others are as agreed.</summary>
    [Fact]
    public void Acceptance_OfWhatWasNotProposed_CostsThatContextOnly()
    {
        ContextProposal[] proposals =
            [new(Uid.CTImageStorage, [TransferSyntax.ExplicitVRLittleEndian]), new(Uid.CTImageStorage, [TransferSyntax.ImplicitVRLittleEndian])];
        var negotiator = new RequestorNegotiator(new DicomPeer("127.0.0.1", 104, "A", "B"), proposals, new ClientOptions(),
            new DicomConnection { Transport = new NoPipe() });
        var contexts = negotiator.Accepted(new AssociateAcceptPdu
        {
            CalledAeTitle = "A", CallingAeTitle = "B", UserInformation = new UserInformation(),
            PresentationContexts = [new(1, ContextResult.Accepted, TransferSyntax.ExplicitVRLittleEndian.Uid),
                new(3, ContextResult.Accepted, TransferSyntax.ExplicitVRLittleEndian.Uid)],
        });
        Assert.Equal([true, false], contexts.Select(c => c.IsAccepted));
    }

    private static async Task ComeAsync(IPEndPoint address, TaskCompletionSource connected)
    {
        for (var i = 0; i < 1000; i++)
        {
            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(address, Guard.Token);
                connected.TrySetResult();
                if (i % 2 != 0) continue;
                // A listener that closes between a SYN and its ACK leaves the client connected to nobody; Linux tells the client when it sends.
                await socket.SendAsync(new byte[] { 1 }, Guard.Token);
                await socket.ReceiveAsync(new byte[1], Guard.Token); // until the server closes it
            }
            catch (SocketException)
            {
                return; // nobody listens any more
            }
        }
    }

    private sealed class ThrowingObserver : IAssociationObserver
    {
        public void Accepted(AssociationInfo association) => throw new InvalidOperationException("accepted");

        public void Completed(AssociationInfo association, DimseRequest request, DimseResult result, TimeSpan elapsed)
            => throw new InvalidOperationException("completed");

        public void Ended(AssociationInfo? association, EndPoint? remote, AssociationEnd end) => throw new InvalidOperationException("ended");
    }

    private sealed class NoPipe : IDuplexPipe
    {
        public PipeReader Input => throw new NotSupportedException();

        public PipeWriter Output => throw new NotSupportedException();
    }

    private sealed class DisposingClock : TimeProvider
    {
        private TimerCallback? _callback;
        private object? _state;
        private long _now;

        public Action? OnRead { get; set; }

        public override long GetTimestamp()
        {
            OnRead?.Invoke();
            return _now;
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_callback, _state) = (callback, state);
            return TimeProvider.System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void Fire()
        {
            _now += 10 * TimestampFrequency;
            _callback!(_state);
        }
    }
}
