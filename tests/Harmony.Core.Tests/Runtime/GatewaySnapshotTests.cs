using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Tests.Fakes;

namespace Harmony.Core.Tests.Runtime;

public class GatewaySnapshotTests
{
    [Fact]
    public async Task Close_NobodyInside_CompletesAtOnce()
    {
        await using var snapshot = Snapshots.Owning();
        Assert.True(snapshot.CloseAsync().IsCompletedSuccessfully);
        Assert.False(snapshot.TryEnter());
        Assert.Equal(0, snapshot.InFlight);
    }

    [Fact]
    public async Task Close_RequestsInside_CompletesWithTheLast()
    {
        await using var snapshot = Snapshots.Owning();
        Assert.True(snapshot.TryEnter());
        Assert.True(snapshot.TryEnter());
        var closing = snapshot.CloseAsync();
        Assert.Equal(2, snapshot.InFlight);
        snapshot.Leave();
        Assert.False(closing.IsCompleted);
        Assert.False(snapshot.TryEnter());
        snapshot.Leave();
        await closing;
        Assert.Equal(0, snapshot.InFlight);
    }

    [Fact]
    public async Task Close_Twice_DoesNotOpenAgain()
    {
        await using var snapshot = Snapshots.Owning();
        Assert.True(snapshot.TryEnter());
        var (first, second) = (snapshot.CloseAsync(), snapshot.CloseAsync());
        Assert.False(snapshot.TryEnter());
        Assert.False(second.IsCompleted);
        snapshot.Leave();
        await first;
        await second;
    }

    [Fact]
    public async Task ActivateAndDeactivate_ReachBackendsAndMiddleware()
    {
        var (backend, middleware) = (new WatchedBackend(), new WatchedMiddleware());
        await using var snapshot = Snapshots.Owning(backend, new object(), middleware);
        snapshot.Activate();
        Assert.Equal(("activated", "activated"), (backend.State, middleware.State));
        snapshot.Deactivate();
        Assert.Equal(("deactivated", "deactivated"), (backend.State, middleware.State));
    }

    [Fact]
    public async Task Dispose_Twice_DisposesOnce()
    {
        var owned = new Disposal();
        var snapshot = Snapshots.Owning(owned, new object());
        await snapshot.DisposeAsync();
        await snapshot.DisposeAsync();
        Assert.Equal(1, owned.Count);
    }

    [Fact]
    public async Task Dispose_OneFails_DisposesTheOthersAndTells()
    {
        var (bad, good) = (new Disposal { Failure = new IOException("stuck") }, new Disposal());
        var failure = await Assert.ThrowsAsync<AggregateException>(async () => await Snapshots.Owning(bad, good).DisposeAsync());
        Assert.Equal("stuck", Assert.Single(failure.InnerExceptions).Message);
        Assert.Equal(1, good.Count);
    }

    private sealed class WatchedBackend : IBackend
    {
        public string State { get; private set; } = "";

        public void Activate() => State = "activated";

        public void Deactivate() => State = "deactivated";

        public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct) => throw new NotSupportedException();
    }

    private sealed class WatchedMiddleware : IMiddleware
    {
        public string State { get; private set; } = "";

        public void Activate() => State = "activated";

        public void Deactivate() => State = "deactivated";
    }
}
