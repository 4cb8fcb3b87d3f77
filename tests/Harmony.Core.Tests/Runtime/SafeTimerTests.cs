using Harmony.Core.Runtime;
using Harmony.Testing;

namespace Harmony.Core.Tests.Runtime;

public sealed class SafeTimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestTimeProvider _clock = new();
    private int _calls;

    [Fact]
    public void Set_CallsBackOnceWhenTheTimeHasCome()
    {
        using var timer = new SafeTimer(() => _calls++, _clock);
        timer.Set(Second);
        _clock.Advance(Second - TimeSpan.FromMilliseconds(2));
        Assert.Equal(0, _calls);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _calls);
    }

    [Fact]
    public void Set_WithAPeriod_CallsBackAgainAndAgain()
    {
        using var timer = new SafeTimer(() => _calls++, _clock);
        timer.Set(Second, Second);
        for (var i = 0; i < 5; i++) _clock.Advance(Second);
        Assert.Equal(5, _calls);
        timer.Clear();
        _clock.Advance(Second);
        Assert.Equal(5, _calls);
    }

    [Fact]
    public void Firing_ForAnEarlierSetting_CallsNobody()
    {
        var clock = new FiringClock();
        using var timer = new SafeTimer(() => _calls++, clock);
        timer.Set(Second);
        clock.Now = Second;
        timer.Set(Second);
        clock.Fire(); // had begun before the second setting
        Assert.Equal(0, _calls);
        clock.Now = 2 * Second;
        clock.Fire();
        Assert.Equal(1, _calls);
    }

    [Fact]
    public void Firing_AfterClearOrDispose_CallsNobody()
    {
        var clock = new FiringClock();
        var timer = new SafeTimer(() => _calls++, clock);
        timer.Set(Second);
        clock.Now = Second;
        timer.Clear();
        clock.Fire();
        timer.Set(TimeSpan.Zero);
        timer.Dispose();
        clock.Fire();
        timer.Set(TimeSpan.Zero);
        clock.Fire();
        Assert.Equal(0, _calls);
    }

    [Fact]
    public async Task Dispose_WaitsForTheCallbackThatRuns()
    {
        var (began, goOn) = (Guard.NewSignal(), Guard.NewSignal());
        var clock = new FiringClock();
        var isDisposed = false;
        var sawDisposed = true;
        var timer = new SafeTimer(() =>
        {
            began.SetResult();
            goOn.Task.GetAwaiter().GetResult();
            sawDisposed = Volatile.Read(ref isDisposed);
        }, clock);
        timer.Set(TimeSpan.Zero);
        var firing = Task.Run(clock.Fire);
        await began.Task.Guarded();
        var disposing = Task.Run(() =>
        {
            timer.Dispose();
            Volatile.Write(ref isDisposed, true);
        });
        goOn.SetResult();
        await Task.WhenAll(firing, disposing).Guarded();
        Assert.False(sawDisposed);
    }

    [Fact]
    public void Callback_MayDisposeItsTimer()
    {
        SafeTimer? timer = null;
        timer = new SafeTimer(() =>
        {
            _calls++;
            timer!.Dispose();
        }, _clock);
        timer.Set(Second, Second);
        _clock.Advance(5 * Second);
        Assert.Equal(1, _calls);
    }

    [Fact]
    public void Callback_ThatThrows_IsReportedAndTheTimerGoesOn()
    {
        var failures = new List<Exception>();
        using var timer = new SafeTimer(() => throw new ObjectDisposedException("source"), _clock, e =>
        {
            failures.Add(e);
            throw new InvalidOperationException("the report fails, too");
        });
        timer.Set(Second, Second);
        _clock.Advance(3 * Second);
        Assert.Equal(3, failures.Count);
    }

    [Fact]
    public async Task ExecutionContext_OfTheMaker_IsNotKept()
    {
        var local = new AsyncLocal<string> { Value = "request 7" };
        var seen = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timer = new SafeTimer(() => seen.TrySetResult(local.Value), TimeProvider.System);
        timer.Set(TimeSpan.Zero);
        Assert.Null(await seen.Task.Guarded());
    }

    /// <summary>A clock whose timer fires when the test says so, due or not, as a thread does that was held up on its way to the callback.</summary>
    private sealed class FiringClock : TimeProvider
    {
        private Action? _fire;

        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public void Fire() => _fire!();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _fire = () => callback(state);
            return new NoTimer();
        }

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
