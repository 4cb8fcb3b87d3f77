using System.Collections.Concurrent;
using Harmony.Core.Runtime;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>
/// A deadline that moves on whenever bytes do: a request is given up when the target has been silent for a while, however long it takes
/// as a whole. Time in which the gateway waits for the client, to send more of its body or to take more of the answer, does not count:
/// how slow a client may be is the listener's business. Knows whether it fired itself or the client has gone. Pooled, one for each
/// request under way.
/// </summary>
/// <remarks>
/// No <see cref="SafeTimer"/>: that one takes a lock and sets the system's timer for each use, and its disposal waits for the callback. Here every
/// request and every chunk would pay for it. A state that is exchanged does the same: a timer that fires late finds the instance free, or asks it
/// how much time is left.
/// </remarks>
internal sealed class ActivityTimeout : IDisposable
{
    private const int MaxPooled = 1024;

    /// <summary>Far below any number of pauses.</summary>
    private const int Never = -1_000_000;

    private const int Free = 0;
    private const int Running = 1;
    private const int Checking = 2;
    private const int Expired = 3;

    /// <summary>Timers are not finer than this.</summary>
    private static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(1);

    private static readonly ConcurrentQueue<ActivityTimeout> Pool = new();
    private static int _pooled;

    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _source = new();
    private readonly ITimer _timer;
    private readonly Action _progress;
    private CancellationTokenRegistration _linked;
    private TimeSpan _timeout;
    private long _lastProgress;
    private int _pauses;
    private int _state;
    private int _isArmed;

    private ActivityTimeout(TimeProvider clock)
    {
        _clock = clock;
        _progress = Progress;
        // Timers keep the execution context of the request that made them, and this one outlives that request.
        _timer = CleanContext.Run(
            () => clock.CreateTimer(static state => ((ActivityTimeout)state!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
    }

    /// <summary>Trips when the time is up or the client has gone.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether the time is up, as opposed to the client having gone.</summary>
    public bool HasExpired => Volatile.Read(ref _state) == Expired;

    /// <summary>Whether the client is waited for, and not the target.</summary>
    public bool IsPaused => Volatile.Read(ref _pauses) > 0;

    /// <summary><see cref="Progress"/> as a delegate, made once.</summary>
    public Action OnProgress => _progress;

    public static ActivityTimeout Start(TimeProvider clock, TimeSpan timeout, CancellationToken aborted)
    {
        ActivityTimeout? instance = null;
        if (clock == TimeProvider.System && Pool.TryDequeue(out instance)) Interlocked.Decrement(ref _pooled);
        instance ??= new ActivityTimeout(clock);
        instance._pauses = 0;
        instance.Progress(); // before it runs: a timer of an earlier request may look at any moment
        Volatile.Write(ref instance._state, Running);
        instance._linked = aborted.UnsafeRegister(static state => ((ActivityTimeout)state!)._source.Cancel(), instance);
        instance.Arm(timeout);
        return instance;
    }

    /// <summary>Begins anew with another length, e.g. when the connection has become a tunnel; zero for no end.</summary>
    public void Allow(TimeSpan timeout)
    {
        Progress(); // before the length changes: the timer may look at any moment
        Arm(timeout);
    }

    /// <summary>Something moved. Cheap enough for every chunk: the timer looks at the time of the last move when it fires.</summary>
    public void Progress() => Volatile.Write(ref _lastProgress, _clock.GetTimestamp());

    /// <summary>Stops the clock while the client is waited for. Counts: the clock goes on after as many calls of <see cref="Resume"/>.</summary>
    public void Pause() => Interlocked.Increment(ref _pauses);

    /// <summary>The target is waited for again, from now on.</summary>
    public void Resume()
    {
        Progress();
        Interlocked.Decrement(ref _pauses);
    }

    /// <summary>From now on the client is waited for no longer than the target.</summary>
    public void CountAllWaits()
    {
        Progress();
        Interlocked.Add(ref _pauses, Never);
    }

    /// <summary>Trips the token: no caller waits for the request any more.</summary>
    public void Cancel() => _source.Cancel();

    /// <summary>Ends the time-out, and keeps it for another request. The token must not be used any more.</summary>
    public void Dispose()
    {
        _linked.Dispose();
        var isUnused = Interlocked.Exchange(ref _state, Free) == Running && _source.TryReset();
        if (!isUnused || _clock != TimeProvider.System || Volatile.Read(ref _pooled) >= MaxPooled)
        {
            _timer.Dispose();
            return;
        }

        Interlocked.Increment(ref _pooled);
        Pool.Enqueue(this);
    }

    /// <summary>The timer has fired: is the time up, or has something moved meanwhile?</summary>
    private void Check()
    {
        // It may find the instance free, or at work for a later request, whose time is not up.
        Interlocked.Exchange(ref _isArmed, 0);
        if (Interlocked.CompareExchange(ref _state, Checking, Running) != Running) return;
        var left = TimeLeft();
        if (left != Timeout.InfiniteTimeSpan && left < Resolution)
        {
            if (Interlocked.CompareExchange(ref _state, Expired, Checking) == Checking) _source.Cancel();
        }
        else if (Interlocked.CompareExchange(ref _state, Running, Checking) == Checking && Interlocked.Exchange(ref _isArmed, 1) == 0)
        {
            _timer.Change(left, Timeout.InfiniteTimeSpan);
        }
    }

    private void Arm(TimeSpan timeout)
    {
        var before = _timeout;
        _timeout = timeout > TimeSpan.Zero ? timeout : Timeout.InfiniteTimeSpan;
        // A timer that still runs for an earlier request of the same length fires early enough, and looks then at the time of the last move.
        if (Interlocked.Exchange(ref _isArmed, 1) == 0 || before != _timeout) _timer.Change(_timeout, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan TimeLeft() => _timeout == Timeout.InfiniteTimeSpan || Volatile.Read(ref _pauses) > 0
        ? _timeout
        : _timeout - _clock.GetElapsedTime(Volatile.Read(ref _lastProgress));
}
