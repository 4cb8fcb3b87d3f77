using Harmony.Core.Modules;

namespace Harmony.Http.Services.Targets;

/// <summary>
/// Counts the requests to a target, how long it took to answer them, and what went wrong last. Like <see cref="DrainSwitch"/> apart from what is known of its
/// health, so that it outlives every reload that leaves the target at its URL. Safe for concurrent use, without locks.
/// </summary>
internal sealed class TargetTally
{
    /// <summary>Answers whose times are kept.</summary>
    public const int Kept = 256;

    private readonly int[] _micros = new int[Kept];
    private long _answered;
    private long _failed;
    private volatile TargetOutage? _lastError;

    /// <summary>When something last went wrong; null where nothing did.</summary>
    public DateTimeOffset? LastErrorAt => _lastError?.Since;

    /// <summary>Notes an answer.</summary>
    public void Answered(TimeSpan took)
    {
        var place = (int)((Interlocked.Increment(ref _answered) - 1) % Kept);
        Volatile.Write(ref _micros[place], (int)Math.Min(took.TotalMicroseconds, int.MaxValue));
    }

    /// <summary>Notes that a request was not answered.</summary>
    public void Failed() => Interlocked.Increment(ref _failed);

    /// <summary>Notes what went wrong with a request or a check.</summary>
    /// <param name="at">When.</param>
    /// <param name="reason">What, for operators.</param>
    public void Note(DateTimeOffset at, string reason) => _lastError = new TargetOutage(at, reason);

    /// <summary>All of it.</summary>
    public TargetTraffic Read()
    {
        var answered = Interlocked.Read(ref _answered);
        var error = _lastError;
        var traffic = new TargetTraffic(answered, Interlocked.Read(ref _failed)) { LastError = error?.Reason, LastErrorAt = error?.Since };
        if (answered == 0) return traffic;
        var last = Volatile.Read(ref _micros[(int)((answered - 1) % Kept)]);
        var sorted = _micros.AsSpan(0, (int)Math.Min(answered, Kept)).ToArray();
        Array.Sort(sorted);
        return traffic with { Last = TimeSpan.FromMicroseconds(last), Median = Quantile(sorted, 0.5), NinetyFifth = Quantile(sorted, 0.95) };
    }

    /// <summary>The smallest time that at least this share of the answers did not exceed.</summary>
    private static TimeSpan Quantile(int[] sorted, double share) => TimeSpan.FromMicroseconds(sorted[(int)Math.Ceiling(share * sorted.Length) - 1]);
}
