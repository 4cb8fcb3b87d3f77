namespace Harmony.Testing;

/// <summary>
/// A clock that stands until a test moves it, with timers that fire as it passes them. Its frequency is odd on purpose, so that code which
/// takes timestamps for ticks or milliseconds fails.
/// </summary>
public sealed class TestTimeProvider : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly List<TestTimer> _timers = [];
    private readonly List<(Func<TimeSpan, bool> Fits, int Count, TaskCompletionSource<TimeSpan> Found)> _waiting = [];
    private TimeSpan _now;

    public override long TimestampFrequency => 3_579_545;

    public override long GetTimestamp() => 12_345 + (long)((Int128)Now.Ticks * TimestampFrequency / TimeSpan.TicksPerSecond);

    public override DateTimeOffset GetUtcNow() => Start + Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new TestTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Time since the clock was made.</summary>
    public TimeSpan Now
    {
        get
        {
            lock (_lock) return _now;
        }
    }

    /// <summary>
    /// Moves on, firing each timer at its time. What a timer starts runs beside the test: a timer that it sets in its turn may be passed by this
    /// move or by none. To move on to a timer that something else sets, wait for it: <see cref="AdvanceToTimerAsync"/>.
    /// </summary>
    public void Advance(TimeSpan by)
    {
        var end = Now + by;
        while (NextDue(end) is { } timer) timer.Fire();
        lock (_lock) _now = end;
    }

    /// <summary>Whether a timer is set that is due in a time that fits.</summary>
    public bool HasTimer(Func<TimeSpan, bool> fits)
    {
        lock (_lock) return _timers.Any(t => fits(t.Due - _now));
    }

    /// <summary>Waits until timers are set that are due in a time that fits, and tells that time.</summary>
    /// <param name="fits">Whether a time from now is meant.</param>
    /// <param name="count">How many such timers there must be at once.</param>
    public Task<TimeSpan> TimerAsync(Func<TimeSpan, bool> fits, int count = 1)
    {
        var found = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            var set = _timers.Where(t => fits(t.Due - _now)).ToList();
            if (set.Count >= count) found.SetResult(set[0].Due - _now);
            else _waiting.Add((fits, count, found));
        }

        return found.Task.Guarded();
    }

    /// <summary>Waits until timers are set that are due after exactly this time.</summary>
    public Task<TimeSpan> TimerAsync(TimeSpan due, int count = 1) => TimerAsync(d => d == due, count);

    /// <summary>
    /// Waits until timers are set that are due after exactly this time, and moves on to them and not beyond. Work that sets such a timer when it has ended is
    /// never passed: the clock stands while the work is under way.
    /// </summary>
    public async Task AdvanceToTimerAsync(TimeSpan due, int count = 1)
    {
        await TimerAsync(due, count);
        Advance(due);
    }

    /// <summary>
    /// Moves on in steps until something has come to its end, for what happens after a time that counts from a moment the test does not see. Only where it is
    /// no harm that any time-out passes: work under way may not keep up with the steps, however long the pauses between them.
    /// </summary>
    public async Task AdvanceUntilAsync(TimeSpan step, Task happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        await Guard.UntilAsync(() => happened.IsCompleted, () => Advance(step), "what the clock is moved on for");
        await happened;
    }

    private TestTimer? NextDue(TimeSpan end)
    {
        lock (_lock)
        {
            var next = _timers.Where(t => t.Due <= end).MinBy(t => t.Due);
            if (next is null) return null;
            _now = next.Due;
            if (next.Period > TimeSpan.Zero) next.Due += next.Period;
            else _timers.Remove(next);
            return next;
        }
    }

    private bool Set(TestTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
            if (timer.IsDisposed) return false;
            if (dueTime == Timeout.InfiniteTimeSpan) return true;
            timer.Due = _now + dueTime;
            timer.Period = period;
            _timers.Add(timer);
            foreach (var (_, _, found) in _waiting.Where(w => w.Fits(dueTime) && _timers.Count(t => w.Fits(t.Due - _now)) >= w.Count))
                found.TrySetResult(dueTime);
            _waiting.RemoveAll(w => w.Found.Task.IsCompleted);
            return true;
        }
    }

    private void Remove(TestTimer timer)
    {
        lock (_lock)
        {
            timer.IsDisposed = true;
            _timers.Remove(timer);
        }
    }

    private sealed class TestTimer(TestTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; set; }

        public bool IsDisposed { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => clock.Set(this, dueTime, period);

        public void Dispose() => clock.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
