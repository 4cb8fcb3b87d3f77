using Harmony.Http.Services.Http.Forwarding;
using Harmony.Testing;

namespace Harmony.Http.Tests.Services.Http.Forwarding;

public class ActivityTimeoutTests
{
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);

    private readonly TestTimeProvider _clock = new();

    [Fact]
    public void Time_PassesWithoutProgress_Expires()
    {
        using var deadline = ActivityTimeout.Start(_clock, Ten, default);
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(deadline.HasExpired);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(deadline.HasExpired);
        Assert.True(deadline.Token.IsCancellationRequested);
    }

    [Theory]
    [InlineData(0.1, 9.8)]
    [InlineData(1, 9)]
    [InlineData(9.9, 9.9)]
    [InlineData(0.5, 0.5)]
    public void Progress_AtAnyPace_IsNeverCutShort(double first, double then)
    {
        using var deadline = ActivityTimeout.Start(_clock, Ten, default);
        for (var i = 0; i < 50; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(i % 2 == 0 ? first : then));
            deadline.Progress();
        }

        Assert.False(deadline.HasExpired);
        _clock.Advance(1.1 * Ten);
        Assert.True(deadline.HasExpired);
    }

    [Fact]
    public void Paused_HoweverLong_DoesNotExpire()
    {
        using var deadline = ActivityTimeout.Start(_clock, Ten, default);
        deadline.Pause();
        deadline.Pause();
        _clock.Advance(100 * Ten);
        deadline.Resume();
        _clock.Advance(100 * Ten);
        Assert.False(deadline.HasExpired);
        deadline.Resume();
        _clock.Advance(0.9 * Ten);
        Assert.False(deadline.HasExpired);
        _clock.Advance(0.2 * Ten);
        Assert.True(deadline.HasExpired);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AllWaitsCount_AlsoThatForTheClient(bool isPaused)
    {
        using var deadline = ActivityTimeout.Start(_clock, Ten, default);
        if (isPaused) deadline.Pause();
        deadline.CountAllWaits();
        deadline.Pause();
        _clock.Advance(0.9 * Ten);
        deadline.Resume();
        _clock.Advance(0.9 * Ten);
        Assert.False(deadline.HasExpired);
        deadline.Pause();
        _clock.Advance(0.2 * Ten);
        Assert.True(deadline.HasExpired);
    }

    [Fact]
    public void ClientGone_TokenTripsButTimeIsNotUp()
    {
        using var client = new CancellationTokenSource();
        using var deadline = ActivityTimeout.Start(_clock, Ten, client.Token);
        client.Cancel();
        Assert.True(deadline.Token.IsCancellationRequested);
        _clock.Advance(Ten / 2);
        Assert.False(deadline.HasExpired);
    }

    [Fact]
    public void Allow_Zero_NeverExpires()
    {
        using var deadline = ActivityTimeout.Start(_clock, Ten, default);
        deadline.Allow(TimeSpan.Zero);
        _clock.Advance(TimeSpan.FromDays(365));
        Assert.False(deadline.HasExpired);
    }

    [Fact]
    public void Allow_Longer_CountsFromThen()
    {
        using var deadline = ActivityTimeout.Start(_clock, Ten, default);
        _clock.Advance(0.9 * Ten);
        deadline.Allow(2 * Ten);
        _clock.Advance(1.9 * Ten);
        Assert.False(deadline.HasExpired);
        _clock.Advance(0.2 * Ten);
        Assert.True(deadline.HasExpired);
    }

    [Fact]
    public void Disposed_TimerFires_NothingHappens()
    {
        var deadline = ActivityTimeout.Start(_clock, Ten, default);
        var token = deadline.Token;
        deadline.Dispose();
        _clock.Advance(2 * Ten);
        Assert.Equal((false, false), (token.IsCancellationRequested, deadline.HasExpired));
    }

    [Fact]
    public async Task Pooled_ManyAtOnceOnAShortTimer_NoneExpiresBeforeItsTime()
    {
        var timeout = TimeSpan.FromMilliseconds(200);
        var early = 0;
        await Parallel.ForAsync(0, 50_000, (_, _) =>
        {
            var started = TimeProvider.System.GetTimestamp(); // before its start: this thread may be held up at any place
            using var deadline = ActivityTimeout.Start(TimeProvider.System, timeout, default);
            deadline.Progress();
            if (deadline.HasExpired && TimeProvider.System.GetElapsedTime(started) < timeout) Interlocked.Increment(ref early);
            return ValueTask.CompletedTask;
        });
        Assert.Equal(0, early);
    }

    /// <summary>Instances outlive the request that made them: its log scopes and its trace must not live on in their timers.</summary>
    [Fact]
    public void Timer_OfAnInstance_KeepsNoContext()
    {
        var clock = new ContextClock();
        using var deadline = ActivityTimeout.Start(clock, Ten, default);
        Assert.True(clock.WasFlowSuppressed);
    }

    [Fact]
    public void Pooled_UsedAgain_AllocatesNothing()
    {
        ActivityTimeout.Start(TimeProvider.System, Ten, default).Dispose();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) ActivityTimeout.Start(TimeProvider.System, Ten, default).Dispose();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2048); // the pool grows now and then
    }

    private sealed class ContextClock : TimeProvider
    {
        public bool WasFlowSuppressed { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            WasFlowSuppressed = ExecutionContext.IsFlowSuppressed();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
