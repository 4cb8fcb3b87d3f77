namespace Harmony.Dicom.Network.UpperLayer;

/// <summary>
/// A time at which something happens unless it is put off before. Putting it off costs next to nothing: the timer goes on and looks again when it fires.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private const long Never = long.MaxValue;
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Action _expired;
    private readonly ITimer _timer;
    private bool _isDisposed;
    private long _due = Never;
    private long _fires = Never;

    public Deadline(TimeProvider time, Action expired)
    {
        (_time, _expired) = (time, expired);
        // Else it would keep alive what the first caller had in its context: scopes of logs, a span.
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(static me => ((Deadline)me!).Fired(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Sets the time, counted from now; <see cref="Timeout.InfiniteTimeSpan"/> takes it away.</summary>
    public void Set(TimeSpan after)
    {
        lock (_lock)
        {
            _due = after == Timeout.InfiniteTimeSpan ? Never : _time.GetTimestamp() + (long)(after.TotalSeconds * _time.TimestampFrequency);
            if (_due < _fires && !_isDisposed) Fire(after);
        }
    }

    public void Clear() => Set(Timeout.InfiniteTimeSpan);

    /// <summary>Nothing happens any more, but for what happens at this moment: it must do no harm to what is disposed of.</summary>
    public void Dispose()
    {
        lock (_lock) _isDisposed = true;
        _timer.Dispose();
    }

    private void Fired()
    {
        lock (_lock)
        {
            _fires = Never;
            if (_due == Never) return;
            var left = _time.GetElapsedTime(_time.GetTimestamp(), _due);
            if (_isDisposed) return;
            if (left > TimeSpan.Zero)
            {
                Fire(left);
                return;
            }

            _due = Never;
        }

        _expired();
    }

    private void Fire(TimeSpan after)
    {
        // A millisecond more: a timer that fires too early would fire again and again.
        _fires = _due;
        _timer.Change(after + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }
}
