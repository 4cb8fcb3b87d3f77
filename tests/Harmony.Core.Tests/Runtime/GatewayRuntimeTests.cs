using System.Runtime.CompilerServices;
using Harmony.Core.Faults;
using Harmony.Core.Runtime;
using Harmony.Core.Tests.Fakes;

namespace Harmony.Core.Tests.Runtime;

public class GatewayRuntimeTests
{
    [Fact]
    public async Task Replace_RequestsRunning_TheyKeepTheirSnapshotAndNewOnesGetTheNew()
    {
        await using var first = Snapshots.Owning();
        await using var second = Snapshots.Owning();
        var runtime = new GatewayRuntime(first);
        Assert.Same(first, runtime.Enter());
        var drained = runtime.ReplaceAsync(second);
        Assert.Same(second, runtime.Enter());
        Assert.False(drained.IsCompleted);
        first.Leave();
        await drained;
        Assert.Same(second, runtime.Current);
    }

    [Fact]
    public async Task Replace_ByTheCurrentOne_IsRefusedAndServesOn()
    {
        await using var snapshot = Snapshots.Owning();
        var runtime = new GatewayRuntime(snapshot);
        await Assert.ThrowsAsync<ArgumentException>(() => runtime.ReplaceAsync(snapshot));
        Assert.Same(snapshot, runtime.Enter());
    }

    [Fact]
    public async Task Enter_CurrentSnapshotClosedForGood_IsUnavailableAndDoesNotSpin()
    {
        await using var snapshot = Snapshots.Owning();
        var runtime = new GatewayRuntime(snapshot);
        await snapshot.CloseAsync();
        Assert.Equal(FaultKind.Unavailable, Assert.Throws<GatewayException>(runtime.Enter).Kind);
    }

    /// <summary>Requests come and go while the snapshot is replaced all the time; none may ever use one that is disposed.</summary>
    [Fact]
    public async Task Replace_UnderLoad_EveryOldSnapshotDrainsAndIsDisposedOnceAndNeverUsedAfter()
    {
        const int clients = 4;
        const int replacements = 300;
        var snapshots = new List<(GatewaySnapshot Snapshot, Disposal Disposal)>();
        var disposals = new ConditionalWeakTable<GatewaySnapshot, Disposal>();
        var runtime = new GatewayRuntime(Next());
        var (requests, isOver) = (0, false);
        var running = Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; !Volatile.Read(ref isOver); i++)
            {
                var snapshot = runtime.Enter();
                Assert.True(disposals.TryGetValue(snapshot, out var mine));
                if (i % 3 != 0) await Task.Yield();
                Assert.Equal(0, mine.Count);
                snapshot.Leave();
                Interlocked.Increment(ref requests);
            }
        })));

        while ((snapshots.Count <= replacements || Volatile.Read(ref requests) < 20 * replacements) && !running.IsCompleted)
        {
            var old = runtime.Current;
            await runtime.ReplaceAsync(Next()).WaitAsync(TimeSpan.FromSeconds(60));
            await old.DisposeAsync();
            await Task.Yield();
        }

        Volatile.Write(ref isOver, true);
        await running;
        Assert.All(snapshots.SkipLast(1), s => Assert.Equal(1, s.Disposal.Count));
        Assert.Equal(0, snapshots[^1].Disposal.Count);
        // Only now: one who comes too late for a snapshot is counted in and out again before it turns to the next.
        Assert.All(snapshots, s => Assert.Equal(0, s.Snapshot.InFlight));

        GatewaySnapshot Next()
        {
            var disposal = new Disposal();
            var snapshot = Snapshots.Owning(disposal);
            disposals.Add(snapshot, disposal);
            snapshots.Add((snapshot, disposal));
            return snapshot;
        }
    }
}
