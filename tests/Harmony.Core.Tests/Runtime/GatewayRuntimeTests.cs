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
        const int requestsOfEach = 5000;
        var owned = new List<Disposal> { new() };
        var disposals = new ConditionalWeakTable<GatewaySnapshot, Disposal>();
        var runtime = new GatewayRuntime(Snapshots.Owning(owned[0]));
        disposals.Add(runtime.Current, owned[0]);
        var running = Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < requestsOfEach; i++)
            {
                var snapshot = runtime.Enter();
                Assert.True(disposals.TryGetValue(snapshot, out var mine));
                if (i % 3 != 0) await Task.Yield();
                Assert.Equal(0, mine.Count);
                snapshot.Leave();
            }
        })));

        while (!running.IsCompleted)
        {
            var (old, disposal) = (runtime.Current, new Disposal());
            var next = Snapshots.Owning(disposal);
            disposals.Add(next, disposal);
            owned.Add(disposal);
            await runtime.ReplaceAsync(next).WaitAsync(TimeSpan.FromSeconds(60));
            Assert.Equal(0, old.InFlight);
            await old.DisposeAsync();
            await Task.Yield();
        }

        await running;
        Assert.True(owned.Count > 10, $"only {owned.Count} replacements");
        Assert.All(owned.SkipLast(1), d => Assert.Equal(1, d.Count));
        Assert.Equal(0, owned[^1].Count);
        Assert.Equal(0, runtime.Current.InFlight);
    }
}
