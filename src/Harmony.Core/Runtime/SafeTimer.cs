namespace Harmony.Core.Runtime;

/// <summary>
/// A timer that can be used beside its own disposal. No callback starts after <see cref="Dispose"/>, or for a time that was meanwhile replaced by
/// <see cref="Set(TimeSpan, TimeSpan)"/> or <see cref="Clear"/>. An exception of the callback does not end the process. The timer keeps no execution context.
/// </summary>
/// <remarks>
/// <see cref="Set(TimeSpan, TimeSpan)"/>, <see cref="Clear"/> and <see cref="Dispose"/> wait for a callback that runs on another thread, so the callback is
/// short and the caller holds no lock that the callback takes. The callback itself may call all three.
/// </remarks>
public sealed class SafeTimer : IDisposable
{
    /// <summary>The system's timers may fire this much early; such a firing counts.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly Action _callback;
    private readonly Action<Exception>? _onFailure;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private TimeSpan _due;
    private TimeSpan _period;
    private long _from;
    private bool _isSet;
    private bool _isDisposed;

    /// <summary>Makes a timer that is not set.</summary>
    /// <param name="callback">Runs when the time has come; one call at a time.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="onFailure">Gets what the callback throws; without it the exception is dropped.</param>
    public SafeTimer(Action callback, TimeProvider clock, Action<Exception>? onFailure = null)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ArgumentNullException.ThrowIfNull(clock);
        (_callback, _clock, _onFailure) = (callback, clock, onFailure);
        _timer = CleanContext.Run(() => clock.CreateTimer(static me => ((SafeTimer)me!).Fired(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
    }

    /// <summary>Calls back once, in place of what was set before. Does nothing after disposal.</summary>
    /// <param name="due">Time from now; at least zero.</param>
    public void Set(TimeSpan due) => Set(due, Timeout.InfiniteTimeSpan);

    /// <summary>Calls back again and again, in place of what was set before. Does nothing after disposal.</summary>
    /// <param name="due">Time from now; at least zero.</param>
    /// <param name="period">Time between calls; <see cref="Timeout.InfiniteTimeSpan"/> for one call only.</param>
    public void Set(TimeSpan due, TimeSpan period)
    {
        lock (_lock)
        {
            if (_isDisposed) return;
            (_due, _period, _from, _isSet) = (due, period, _clock.GetTimestamp(), true);
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Calls back no more until the timer is set again.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            if (_isDisposed || !_isSet) return;
            _isSet = false;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends the timer. When this returns, no callback runs (except one that called this) and none will.</summary>
    public void Dispose()
    {
        lock (_lock) (_isDisposed, _isSet) = (true, false);
        _timer.Dispose();
    }

    private void Fired()
    {
        lock (_lock)
        {
            if (!_isSet) return;
            var left = _due - _clock.GetElapsedTime(_from);
            if (left > Tolerance)
            {
                // Fired for an earlier setting, or too early.
                _timer.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }

            if (_period == Timeout.InfiniteTimeSpan) _isSet = false;
            else Set(_period, _period);
            Call();
        }
    }

    private void Call()
    {
        try
        {
            _callback();
        }
        catch (Exception e)
        {
            Report(e);
        }
    }

    /// <summary>An exception that is not caught on a timer's thread ends the process.</summary>
    private void Report(Exception e)
    {
        try
        {
            _onFailure?.Invoke(e);
        }
        catch
        {
            // There is nowhere left to say so.
        }
    }
}

/// <summary>Starts timers and tasks without the execution context of the moment, which would keep a request's log scopes and traces alive.</summary>
internal static class CleanContext
{
    /// <summary>Calls a function whose timers and tasks get no execution context.</summary>
    public static T Run<T>(Func<T> start)
    {
        if (ExecutionContext.IsFlowSuppressed()) return start();
        using var _ = ExecutionContext.SuppressFlow();
        return start();
    }
}
