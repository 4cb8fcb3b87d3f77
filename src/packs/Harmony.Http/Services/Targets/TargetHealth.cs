namespace Harmony.Http.Services.Targets;

/// <summary>
/// Whether a target gets requests. Failures while serving leave it out for a while, after which it is tried again; active checks, where
/// configured, take it out and bring it back by themselves.
/// </summary>
/// <param name="passive">How many failures are too many.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="onEjected">Called when failures take it out.</param>
/// <param name="drain">What operators want; nobody has taken it out when absent.</param>
internal sealed class TargetHealth(PassiveHealthOptions passive, TimeProvider clock, Action? onEjected = null, DrainSwitch? drain = null)
{
    private const long Never = long.MinValue;

    private readonly DrainSwitch _drain = drain ?? new DrainSwitch();
    private int _failures;
    private long _ejectedUntil = Never;
    private volatile bool _failsChecks;

    /// <summary>Whether it shall get requests now.</summary>
    public bool IsWell => Answers && !_drain.IsDrained;

    /// <summary>Whether it answers, as far as checks and failures tell.</summary>
    public bool Answers => !_failsChecks && !IsEjected;

    /// <summary>Whether an operator has taken it out. Nobody sends to it then, not even when there is no other.</summary>
    public bool IsDrained
    {
        get => _drain.IsDrained;
        set => _drain.IsDrained = value;
    }

    /// <summary>Whether active checks have taken it out.</summary>
    public bool FailsChecks => _failsChecks;

    private bool IsEjected => Volatile.Read(ref _ejectedUntil) is var until && until != Never && clock.GetTimestamp() < until;

    /// <summary>Notes an answer that came to its end: whatever was before, it serves.</summary>
    public void Succeeded()
    {
        if (Volatile.Read(ref _failures) == 0) return;
        Volatile.Write(ref _failures, 0);
        Volatile.Write(ref _ejectedUntil, Never);
    }

    /// <summary>Notes a failure.</summary>
    public void Failed()
    {
        // One more failure after the time is up takes it out again at once: the count stays where it is until an answer comes.
        if (passive.MaxFailures == 0 || Interlocked.Increment(ref _failures) < passive.MaxFailures) return;
        var isNews = !IsEjected;
        Volatile.Write(ref _ejectedUntil, clock.GetTimestamp() + (passive.EjectionSecs * clock.TimestampFrequency));
        if (isNews) onEjected?.Invoke();
    }

    /// <summary>Notes what active checks think.</summary>
    public void Checked(bool well)
    {
        if (well && _failsChecks) Succeeded();
        _failsChecks = !well;
    }
}
