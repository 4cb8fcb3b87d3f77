namespace Harmony.Gateway.Hosting;

/// <summary>When something began: now, on a clock that may be set, and on one that only goes forward.</summary>
internal sealed class StartTime(TimeProvider clock)
{
    private readonly long _began = clock.GetTimestamp();

    /// <summary>The time of day.</summary>
    public DateTimeOffset At { get; } = clock.GetUtcNow();

    /// <summary>How long ago that is.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(_began);
}
