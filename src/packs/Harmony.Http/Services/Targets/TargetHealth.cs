using Harmony.Core.Configuration;

namespace Harmony.Http.Services.Targets;

/// <summary><c>[backends.NAME.options.passive_health]</c>: takes a target that fails out of use.</summary>
public sealed record PassiveHealthOptions : ConfigNode
{
    /// <summary>Failures in a row (no connection, no response in time, connection lost) after which a target gets no requests; 0 for never.</summary>
    [AllowedRange(0, 1000)]
    public int MaxFailures { get; init; } = 3;

    /// <summary>Seconds after which the target is tried again.</summary>
    [AllowedRange(1, 3600)]
    public int EjectionSecs { get; init; } = 10;
}

/// <summary>
/// Whether a target gets requests. Failures while serving leave it out for a while, after which it is tried again; active checks, where
/// configured, take it out and bring it back by themselves. From the first of either until it answers again the target is down, which is told once.
/// Safe for concurrent use.
/// </summary>
/// <param name="passive">How many failures are too many.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="news">Called when the target goes down and when it is back; may be absent.</param>
/// <param name="drain">Whether operators have drained the target; never when absent.</param>
/// <param name="tally">What became of the requests so far; nothing yet when absent.</param>
internal sealed class TargetHealth(
    PassiveHealthOptions passive, TimeProvider clock, TargetNews? news = null, DrainSwitch? drain = null, TargetTally? tally = null)
{
    private const long Never = long.MinValue;

    private readonly DrainSwitch _drain = drain ?? new DrainSwitch();
    private readonly Lock _lock = new();
    private volatile TargetOutage? _outage;
    private volatile int _failures;
    private volatile bool _failsChecks;
    private volatile bool _wasAsked;
    private DateTimeOffset _firstFailure;
    private long _ejectedUntil = Never;

    /// <summary>What became of the requests.</summary>
    public TargetTally Tally { get; } = tally ?? new TargetTally();

    /// <summary>Whether it shall get requests now.</summary>
    public bool IsWell => Answers && !_drain.IsDrained;

    /// <summary>Whether it is worth a try, as far as checks and failures tell.</summary>
    public bool Answers => !_failsChecks && !IsEjected;

    /// <summary>Whether an operator has drained the target. It gets no requests then, even if there is no other target.</summary>
    public bool IsDrained
    {
        get => _drain.IsDrained;
        set => _drain.IsDrained = value;
    }

    /// <summary>Whether active checks have taken it out.</summary>
    public bool FailsChecks => _failsChecks;

    /// <summary>Since when it is down, and why; null while it is not.</summary>
    public TargetOutage? Outage => _outage;

    /// <summary>Whether a request or a check has found out anything about it.</summary>
    public bool WasAsked => _wasAsked;

    private bool IsEjected => Volatile.Read(ref _ejectedUntil) is var until && until != Never && clock.GetTimestamp() < until;

    /// <summary>Notes an answer that came to its end: whatever was before, it serves.</summary>
    public void Succeeded()
    {
        if (!_wasAsked) _wasAsked = true;
        if (_failures == 0) return;
        lock (_lock)
        {
            Forgive();
            if (!_failsChecks) End();
        }
    }

    /// <summary>Notes a failure.</summary>
    /// <param name="reason">What went wrong, for operators.</param>
    public void Failed(string reason)
    {
        var now = clock.GetUtcNow();
        Tally.Note(now, reason);
        lock (_lock)
        {
            _wasAsked = true;
            if (_failures == 0) _firstFailure = now;
            // One more failure after the time is up takes it out again at once: the count stays where it is until an answer comes.
            if (passive.MaxFailures == 0 || ++_failures < passive.MaxFailures) return;
            Volatile.Write(ref _ejectedUntil, clock.GetTimestamp() + (passive.EjectionSecs * clock.TimestampFrequency));
            if (Begin(new TargetOutage(_firstFailure, reason))) news?.Ejected(_outage!, _failures, passive.EjectionSecs);
        }
    }

    /// <summary>Notes that active checks find it well.</summary>
    public void Passed()
    {
        lock (_lock)
        {
            _wasAsked = true;
            // What failures took out stays out for its time: an answer to a check is not yet one to a request.
            if (!_failsChecks && IsEjected) return;
            if (!_failsChecks && _outage is null) return;
            _failsChecks = false;
            Forgive();
            End();
        }
    }

    /// <summary>Notes that active checks find it ill.</summary>
    /// <param name="since">When the first of them failed.</param>
    /// <param name="count">How many have failed in a row.</param>
    /// <param name="reason">What went wrong, for operators.</param>
    public void Ailing(DateTimeOffset since, int count, string reason)
    {
        Tally.Note(clock.GetUtcNow(), reason);
        lock (_lock)
        {
            (_wasAsked, _failsChecks) = (true, true);
            if (Begin(new TargetOutage(since, reason))) news?.FailsChecks(_outage!, count);
        }
    }

    /// <summary>Begins an outage, or goes on with the one there is, for the latest reason.</summary>
    /// <returns>Whether it is news.</returns>
    private bool Begin(TargetOutage outage)
    {
        var known = _outage;
        _outage = known is null ? outage : known with { Reason = outage.Reason };
        return known is null;
    }

    private void Forgive()
    {
        _failures = 0;
        Volatile.Write(ref _ejectedUntil, Never);
    }

    private void End()
    {
        if (_outage is not { } over) return;
        _outage = null;
        news?.IsBack(clock.GetUtcNow() - over.Since);
    }
}
