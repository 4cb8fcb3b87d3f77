using Microsoft.Extensions.Logging;

namespace Harmony.Core.Runtime;

/// <summary>
/// Repeats a piece of work until the loop is disposed: the shape for what runs by itself, such as watching the configuration and its
/// certificates, health checks, renewing the keys of issuers, and sweeping folders. A round that fails, in whatever way, never ends the loop: the
/// first failure of a series is logged, and the rounds after it wait longer and longer. <see cref="DisposeAsync"/> waits for the round that runs
/// and never throws.
/// </summary>
/// <remarks>The loop starts with a clean execution context: log scopes and traces of the request or reload that started it do not follow it.</remarks>
public sealed class BackgroundLoop : IAsyncDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(40); // timers take no more than 49 days

    private readonly string _name;
    private readonly Func<CancellationToken, ValueTask<TimeSpan>> _round;
    private readonly Backoff _backoff;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopping;
    private readonly Task _running;
    private volatile TaskCompletionSource _woken = NewSignal();
    private int _failures;
    private int _disposed;

    private BackgroundLoop(
        string name, TimeSpan firstPause, Func<CancellationToken, ValueTask<TimeSpan>> round, Backoff backoff, TimeProvider clock, ILogger logger)
    {
        (_name, _round, _backoff, _clock, _logger, _stopping) = (name, round, backoff, clock, logger, _stop.Token);
        _running = CleanContext.Run(() => Task.Run(() => RunAsync(firstPause)));
    }

    /// <summary>Starts a loop with the same pause after each round.</summary>
    /// <param name="name">What the loop does, for the log: <c>sweeping the folders of 'pacs'</c>.</param>
    /// <param name="pause">Time between the end of a round and the next; at least zero.</param>
    /// <param name="round">The work. The token trips when the loop stops.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="logger">Gets a line for the first failure of a series, and one when a round succeeds again.</param>
    /// <param name="firstPause">Time before the first round.</param>
    /// <param name="backoff">Pauses after failed rounds; <see cref="Backoff.Default"/> when not given.</param>
    public static BackgroundLoop Start(
        string name, TimeSpan pause, Func<CancellationToken, ValueTask> round, TimeProvider clock, ILogger logger, TimeSpan firstPause = default,
        Backoff? backoff = null)
    {
        ArgumentNullException.ThrowIfNull(round);
        return Start(name, async ct => { await round(ct); return pause; }, clock, logger, firstPause, backoff);
    }

    /// <summary>Starts a loop whose rounds say how long to pause.</summary>
    /// <param name="name">What the loop does, for the log: <c>renewing the keys of 'idp'</c>.</param>
    /// <param name="round">The work; returns the pause before the next round. The token trips when the loop stops.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="logger">Gets a line for the first failure of a series, and one when a round succeeds again.</param>
    /// <param name="firstPause">Time before the first round.</param>
    /// <param name="backoff">Pauses after failed rounds; <see cref="Backoff.Default"/> when not given.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static BackgroundLoop Start(
        string name, Func<CancellationToken, ValueTask<TimeSpan>> round, TimeProvider clock, ILogger logger, TimeSpan firstPause = default,
        Backoff? backoff = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(round);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(logger);
        return new BackgroundLoop(name, firstPause, round, backoff ?? Backoff.Default, clock, logger);
    }

    /// <summary>Ends the pause. A call during a round makes the next round follow at once.</summary>
    public void Wake() => _woken.TrySetResult();

    /// <summary>Begins no more rounds and cancels the one that runs, without waiting for its end.</summary>
    public void Stop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (Exception e) when (e is AggregateException or ObjectDisposedException)
        {
            // A callback of the round failed, or the loop has ended already. The token has tripped in either case.
        }
    }

    /// <summary>Stops the loop and waits for the round that runs. Must not be called by a round of the loop itself.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) Stop();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(TimeSpan pause)
    {
        while (await PauseAsync(pause)) pause = await RoundAsync();
    }

    /// <returns>False when the loop stops.</returns>
    private async Task<bool> PauseAsync(TimeSpan pause)
    {
        if (_stopping.IsCancellationRequested) return false;
        if (pause <= TimeSpan.Zero) return true;
        var elapsed = _woken.Task.WaitAsync(pause < LongestPause ? pause : LongestPause, _clock, _stopping);
        await elapsed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // woken, or the time has passed, or the loop stops
        return !_stopping.IsCancellationRequested;
    }

    /// <returns>The pause before the next round.</returns>
    private async Task<TimeSpan> RoundAsync()
    {
        _woken = NewSignal();
        try
        {
            var pause = await _round(_stopping);
            if (_failures > 0) Log(() => BackgroundLog.Recovered(_logger, _name, _failures));
            _failures = 0;
            return pause;
        }
        catch (Exception e)
        {
            if (_stopping.IsCancellationRequested) return TimeSpan.Zero;
            var pause = _backoff.After(++_failures);
            Log(() => Failed(e, pause));
            return pause;
        }
    }

    private void Failed(Exception e, TimeSpan pause)
    {
        if (_failures == 1) BackgroundLog.Failed(_logger, e, _name, pause.TotalSeconds);
        else BackgroundLog.FailedAgain(_logger, e, _name, _failures);
    }

    /// <summary>A logger that fails is no reason to end the loop.</summary>
    private static void Log(Action write)
    {
        try
        {
            write();
        }
        catch
        {
            // There is nowhere left to say so.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Pauses after failures: the first, then twice the last, up to a longest.</summary>
/// <param name="First">Pause after the first failure.</param>
/// <param name="Longest">No pause is longer.</param>
public sealed record Backoff(TimeSpan First, TimeSpan Longest)
{
    private const int MostDoublings = 30;

    /// <summary>One second to one minute.</summary>
    public static Backoff Default { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <summary>The pause after a number of failures in a row, from 1.</summary>
    public TimeSpan After(int failures)
    {
        var pause = First * Math.Pow(2, Math.Clamp(failures - 1, 0, MostDoublings));
        return pause < Longest ? pause : Longest;
    }
}

/// <summary>Log messages of background loops, ids 1300 to 1349; the target is that of the loop's owner.</summary>
internal static partial class BackgroundLog
{
    [LoggerMessage(EventId = 1301, Level = LogLevel.Error, Message = "{Work} failed; next attempt in {Seconds} s, later attempts at longer intervals")]
    public static partial void Failed(ILogger logger, Exception cause, string work, double seconds);

    [LoggerMessage(EventId = 1302, Level = LogLevel.Debug, Message = "{Work} failed again, {Failures} times in a row")]
    public static partial void FailedAgain(ILogger logger, Exception cause, string work, int failures);

    [LoggerMessage(EventId = 1303, Level = LogLevel.Information, Message = "{Work} works again after {Failures} failures")]
    public static partial void Recovered(ILogger logger, string work, int failures);
}
