using Harmony.Access.Middleware.Policies.RateLimiting;
using Harmony.Testing;

namespace Harmony.Access.Tests.Middleware.Policies.RateLimiting;

[Collection("alone")]
public sealed class RateLimitTableTests
{
    private static readonly ClientKey Key = new(ClientKeyKind.Address, "", 64);

    private readonly TestTimeProvider _clock = new();

    /// <summary>Every request is counted or refused exactly as by a list of all requests of the last window.</summary>
    [Theory]
    [InlineData(1, 1, 1500)]
    [InlineData(3, 1, 400)]
    [InlineData(128, 60, 700)]
    public void TryTake_UpTo128Requests_IsExact(int max, int window, int maxPauseMs)
    {
        var table = Table(max, window);
        var random = new Random(7);
        var accepted = new Queue<TimeSpan>();
        for (var i = 0; i < 5000; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(random.Next(4) == 0 ? 0 : random.Next(maxPauseMs)));
            while (accepted.Count > 0 && _clock.Now - accepted.Peek() >= TimeSpan.FromSeconds(window)) accepted.Dequeue();
            var expected = accepted.Count < max;
            Assert.Equal(expected, table.TryTake(1, out var retryAfter));
            if (expected) accepted.Enqueue(_clock.Now);
            else Assert.Equal(TimeSpan.FromSeconds(window) - (_clock.Now - accepted.Peek()), TimeSpan.FromMilliseconds(retryAfter));
        }
    }

    /// <summary>A large limit is never exceeded in any window, and hardly ever missed: by what a 128th of the window holds.</summary>
    [Fact]
    public void TryTake_LargeLimit_IsNeverExceeded()
    {
        const int Max = 1000;
        var table = Table(Max, 60);
        var random = new Random(11);
        var accepted = new Queue<TimeSpan>();
        var total = 0;
        for (var i = 0; i < 60_000; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(random.Next(20)));
            while (accepted.Count > 0 && _clock.Now - accepted.Peek() >= TimeSpan.FromSeconds(60)) accepted.Dequeue();
            if (!table.TryTake(1, out _)) continue;
            accepted.Enqueue(_clock.Now);
            total++;
            Assert.True(accepted.Count <= Max);
        }

        Assert.InRange(total, 0.97 * Max * _clock.Now.TotalMinutes, Max * (_clock.Now.TotalMinutes + 1));
    }

    [Fact]
    public void TryTake_MoreClientsThanRemembered_ForgetsTheOneLongestAway()
    {
        var table = Table(1, 60, maxClients: 3);
        Assert.True(table.TryTake(1, out _) && table.TryTake(2, out _) && table.TryTake(3, out _));
        Assert.False(table.TryTake(1, out _)); // seen again
        Assert.True(table.TryTake(4, out _)); // takes the place of 2
        Assert.Equal(3, table.Count);
        Assert.False(table.TryTake(1, out _));
        Assert.False(table.TryTake(3, out _));
        Assert.True(table.TryTake(2, out _));
    }

    [Fact]
    public void TryTake_WindowsThatAreOver_MakeRoomForNewClients()
    {
        var table = Table(10, 60, maxClients: 100);
        for (var i = 0; i < 1000; i++)
        {
            table.TryTake((UInt128)i, out _);
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.InRange(table.Count, 6, 8);
    }

    /// <summary>The clock may stand at any number of milliseconds: moments are kept in 32 bits.</summary>
    [Fact]
    public void TryTake_AfterFiftyDays_CountsOn()
    {
        var table = Table(2, 60);
        _clock.Advance(TimeSpan.FromMilliseconds(uint.MaxValue - 30_000L));
        Assert.True(table.TryTake(1, out _));
        _clock.Advance(TimeSpan.FromSeconds(31));
        Assert.True(table.TryTake(1, out _));
        Assert.False(table.TryTake(1, out var retryAfter));
        Assert.Equal(29_000, retryAfter);
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.True(table.TryTake(1, out _));
        Assert.False(table.TryTake(1, out _));
    }

    [Fact]
    public void TryTake_AMillionDistinctClients_TakeBoundedMemory()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var table = Table(100, 60, maxClients: 1_000_000);
        for (var i = 0; i < 1_200_000; i++) table.TryTake((UInt128)i << 64, out _);
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1_000_000.0;
        Assert.InRange(table.Count, 990_000, 1_000_000);
        Assert.True(each < 160, $"{each} bytes a client");
    }

    [Fact]
    public async Task TryTake_FromManyThreads_CountsEachOnce()
    {
        var table = Table(1000, 60);
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Enumerable.Range(0, 1000).Count(_ => table.TryTake(1, out var _)))));
        Assert.Equal(1000, taken.Sum());
    }

    private RateLimitTable Table(int max, int window, int maxClients = 1_000_000) => new(new RateLimitSettings(max, window, maxClients, Key), _clock);
}
