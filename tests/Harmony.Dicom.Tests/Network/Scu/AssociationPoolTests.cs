using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;

namespace Harmony.Dicom.Tests.Network.Scu;

public sealed class AssociationPoolTests
{
    private static readonly ContextProposal[] Verification = [ContextProposal.For(Uid.VerificationSOPClass)];

    [Fact]
    public async Task Association_IsUsedAgain_ByThoseWhoWantTheSame()
    {
        await using var server = TestServer.Start();
        await using var pool = new AssociationPool();
        var first = await UseAsync(pool, server.Peer, Verification);
        Assert.Same(first, await UseAsync(pool, server.Peer with { }, [ContextProposal.For(Uid.VerificationSOPClass)]));
        Assert.NotSame(first, await UseAsync(pool, server.Peer with { CallingAeTitle = "OTHER" }, Verification));
        Assert.NotSame(first, await UseAsync(pool, server.Peer, TestServer.Everything));
        Assert.Equal(3, server.Archive.Associations.Count);
    }

    /// <summary>Many systems take one association at a time and let others wait: one that idles for another purpose must not be what they wait for.</summary>
    [Fact]
    public async Task Peer_ThatTakesOneAtATime_IsNotWaitedFor()
    {
        await using var server = TestServer.Start(new AcceptorOptions { MaxAssociations = 1 });
        await using var pool = new AssociationPool();
        var first = await UseAsync(pool, server.Peer, Verification);
        var second = await UseAsync(pool, server.Peer, TestServer.Everything);
        Assert.Equal(AssociationEndKind.Released, (await first.Completion.Guarded()).Kind);
        Assert.NotSame(second, await UseAsync(pool, server.Peer, Verification));
    }

    /// <summary>
    /// A peer that takes fewer than the pool may open rejects what is too much: who was rejected waits for an association of the pool, whoever has it and
    /// whatever for.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Peer_ThatTakesFewer_IsAskedInTurns(int most)
    {
        await using var server = TestServer.Start(new AcceptorOptions { MaxAssociations = most });
        await using var pool = new AssociationPool(new AssociationPoolOptions { MaxPerPeer = 10 });
        var held = new List<PooledAssociation>();
        for (var i = 0; i < most; i++) held.Add(await pool.RentAsync(server.Peer, Verification, Guard.Token));
        using var leaving = new CancellationTokenSource();
        var gone = pool.RentAsync(server.Peer, Verification, leaving.Token).AsTask();
        var waiting = Enumerable.Range(0, 9 - most).Select(i => UseAsync(pool, server.Peer, i % 2 == 0 ? Verification : TestServer.Everything)).ToList();

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone.Guarded());
        foreach (var association in held) await association.DisposeAsync();

        await Task.WhenAll(waiting).Guarded();
    }

    /// <summary>Where nothing of the pool's is in the way, a rejection is one.</summary>
    [Fact]
    public async Task Peer_ThatIsFullOfOthers_Rejects()
    {
        await using var server = TestServer.Start(new AcceptorOptions { MaxAssociations = 1 });
        await using var other = await new DicomClient().ConnectAsync(server.Peer, Verification);
        await using var pool = new AssociationPool();
        await Task.WhenAll(
            Enumerable.Range(0, 3)
                .Select(_ => Assert.ThrowsAsync<AssociationRejectedException>(() => pool.RentAsync(server.Peer, Verification, Guard.Token).AsTask())));
    }

    /// <summary>Where a peer has taken two at once, both purposes keep theirs.</summary>
    [Fact]
    public async Task Peer_ThatTakesSeveral_KeepsOneForEachPurpose()
    {
        await using var server = TestServer.Start();
        await using var pool = new AssociationPool();
        var one = await pool.RentAsync(server.Peer, Verification, Guard.Token);
        await using (await pool.RentAsync(server.Peer, TestServer.Everything, Guard.Token)) await one.DisposeAsync();
        Assert.Same(one.Association, await UseAsync(pool, server.Peer, Verification));
        await UseAsync(pool, server.Peer, TestServer.Everything);
        Assert.Same(one.Association, await UseAsync(pool, server.Peer, Verification));
    }

    /// <summary>What a peer has refused it may take when it is asked anew, as when an administrator has just enabled a SOP class.</summary>
    [Fact]
    public async Task Association_ThatLacksAContext_IsNotUsedAgain()
    {
        await using var server = TestServer.Start(
            new AcceptorOptions
            {
                Policy = new NegotiationPolicy { AcceptsAllStorage = false, SopClasses = new HashSet<string> { Uid.VerificationSOPClass } }
            });
        await using var pool = new AssociationPool();
        ContextProposal[] contexts =
            [.. Verification, ContextProposal.For(Uid.CTImageStorage), ContextProposal.For(Uid.FINDStudyRootQueryRetrieveInformationModel)];
        var all = new HashSet<ClientAssociation>();
        foreach (var work in new Func<ClientAssociation, Task>[]
        {
            async a => await a.StoreAsync(SopInstance.Of(TestServer.Image(1), TransferSyntax.ExplicitVRLittleEndian), ct: Guard.Token),
            async a => await a.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, TestServer.Query("*"), ct: Guard.Token)
                .GetAsyncEnumerator(Guard.Token).MoveNextAsync(),
        })
        {
            await using var rented = await pool.RentAsync(server.Peer, contexts, Guard.Token);
            await Assert.ThrowsAsync<NoPresentationContextException>(() => work(rented.Association));
            Assert.True(all.Add(rented.Association));
        }

        Assert.True(all.Add(await UseAsync(pool, server.Peer, contexts)));
        Assert.False(all.Add(await UseAsync(pool, server.Peer, contexts))); // one that was good for what was wanted
    }

    /// <summary>What has ended while it waited is forgotten: else the pool takes it for one in use, and ends others to make room.</summary>
    [Fact]
    public async Task Associations_ThatEndedWhileIdle_AreForgotten()
    {
        await using var server = TestServer.Start();
        await using var pool = new AssociationPool(new AssociationPoolOptions { MaxPerPeer = 2 });
        for (var i = 0; i < 5; i++)
        {
            var association = await UseAsync(pool, server.Peer, Verification);
            await association.AbortAsync();
        }

        var one = await pool.RentAsync(server.Peer, Verification, Guard.Token);
        await using (await pool.RentAsync(server.Peer, TestServer.Everything, Guard.Token)) await one.DisposeAsync();
        await UseAsync(pool, server.Peer, TestServer.Everything);
        Assert.Same(one.Association, await UseAsync(pool, server.Peer, Verification));
    }

    [Fact]
    public async Task Association_ThatIsBusyOrHasEnded_IsNotUsedAgain()
    {
        await using var server = TestServer.Start();
        await using var pool = new AssociationPool();
        var aborted = await pool.RentAsync(server.Peer, Verification, Guard.Token);
        await aborted.Association.AbortAsync();
        await aborted.DisposeAsync();
        await using var next = await pool.RentAsync(server.Peer, Verification, Guard.Token);
        Assert.False(next.IsReused);
        await using var other = await pool.RentAsync(server.Peer, Verification, Guard.Token);
        Assert.NotSame(next.Association, other.Association);
    }

    [Fact]
    public async Task Cap_MakesOthersWait()
    {
        await using var server = TestServer.Start();
        await using var pool = new AssociationPool(new AssociationPoolOptions { MaxPerPeer = 1 });
        var first = await pool.RentAsync(server.Peer, Verification, Guard.Token);
        var second = pool.RentAsync(server.Peer, TestServer.Everything, Guard.Token).AsTask();
        Assert.False(second.IsCompleted);
        await first.DisposeAsync();
        await using var rented = await second;
        await rented.Association.EchoAsync(Guard.Token);
        // The first has made room, as two would be one too many.
        Assert.Equal(AssociationEndKind.Released, (await first.Association.Completion.Guarded()).Kind);
    }

    [Fact]
    public async Task Idleness_Releases()
    {
        var clock = new TestTimeProvider();
        await using var server = TestServer.Start();
        await using var pool = new AssociationPool(
            new AssociationPoolOptions { IdleTimeout = TimeSpan.FromSeconds(45) }, new DicomClient(new ClientOptions { TimeProvider = clock }));
        var association = await UseAsync(pool, server.Peer, Verification);
        clock.Advance(TimeSpan.FromSeconds(46));
        await server.Archive.EndedAsync(AssociationEndKind.Released);
        Assert.Equal(AssociationEndKind.Released, (await association.Completion.Guarded()).Kind);
        Assert.NotSame(association, await UseAsync(pool, server.Peer, Verification));
    }

    [Fact]
    public async Task FiftyAtOnce_AreServed()
    {
        await using var server = TestServer.Start();
        await using var pool = new AssociationPool(new AssociationPoolOptions { MaxPerPeer = 50 });
        var rented = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => pool.RentAsync(server.Peer, Verification, Guard.Token).AsTask()));
        Assert.Equal(50, server.Acceptor.ActiveAssociations);
        await Task.WhenAll(rented.Select(r => r.Association.EchoAsync(Guard.Token)));
        foreach (var association in rented) await association.DisposeAsync();
    }

    private static async Task<ClientAssociation> UseAsync(AssociationPool pool, DicomPeer peer, IReadOnlyList<ContextProposal> contexts)
    {
        await using var rented = await pool.RentAsync(peer, contexts, Guard.Token);
        await rented.Association.EchoAsync(Guard.Token);
        return rented.Association;
    }
}
