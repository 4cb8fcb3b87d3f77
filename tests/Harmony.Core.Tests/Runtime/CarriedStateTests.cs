using Harmony.Core.Runtime;

namespace Harmony.Core.Tests.Runtime;

public sealed class CarriedStateTests
{
    private readonly CarriedState _state = new();

    [Fact]
    public async Task Get_SameOwnerAndSettings_IsCarriedToTheNext()
    {
        await using var first = _state.Begin();
        var counter = first.Get("a", (1, "x"), () => new Counter());
        Assert.Same(counter, first.Get("a", (1, "x"), () => new Counter()));
        await using var second = _state.Begin();
        Assert.Same(counter, second.Get("a", (1, "x"), () => new Counter()));
        Assert.NotSame(counter, second.Get("a", (2, "x"), () => new Counter()));
        Assert.NotSame(counter, second.Get("b", (1, "x"), () => new Counter()));
        Assert.NotSame(counter, second.Get("a", (1, "x"), () => new object()));
    }

    [Fact]
    public async Task Dispose_TheLastUse_ForgetsAndDisposes()
    {
        var first = _state.Begin();
        var counter = first.Get("a", null, () => new Counter());
        var second = _state.Begin();
        second.Get("a", null, () => new Counter());
        await first.DisposeAsync();
        await first.DisposeAsync();
        Assert.Equal((1, 0), (_state.Count, counter.Disposals));
        await second.DisposeAsync();
        Assert.Equal((0, 1), (_state.Count, counter.Disposals));
    }

    [Fact]
    public async Task Reloads_AThousand_KeepWhatOneKeeps()
    {
        var current = _state.Begin();
        current.Get("a", null, () => new Counter());
        for (var i = 0; i < 1000; i++)
        {
            var next = _state.Begin();
            next.Get("a", null, () => new Counter());
            next.Get("b", i, () => new Counter());
            await current.DisposeAsync();
            current = next;
        }

        Assert.Equal(2, _state.Count);
    }

    private sealed class Counter : IDisposable
    {
        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }
}
