using Harmony.Access.Middleware.Policies.Matching;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>The options of <c>time_based</c>.</summary>
internal sealed record TimeOptions : ConfigNode
{
    /// <summary>Whether requests within the window are allowed, or denied. Outside of it the rule has no opinion.</summary>
    public bool AllowDuringWindow { get; init; } = true;

    /// <summary>IANA time zone: <c>Europe/Berlin</c>.</summary>
    [NotEmpty]
    public string Timezone { get; init; } = "UTC";

    /// <summary>First minute of the day, <c>09:00</c>; midnight when absent.</summary>
    public string? StartTime { get; init; }

    /// <summary>Last minute of the day, <c>17:30</c>, up to its end; the day's last when absent. Earlier than the start: past midnight.</summary>
    public string? EndTime { get; init; }

    /// <summary>Days on which the window begins: <c>mon</c> or <c>monday</c>; all when absent.</summary>
    public IReadOnlyList<string> DaysOfWeek { get; init; } = [];

    /// <summary>First day, <c>2026-01-31</c>.</summary>
    public string? StartDate { get; init; }

    /// <summary>Last day, all of it.</summary>
    public string? EndDate { get; init; }
}

/// <summary><c>time_based</c>: by the time of day, the day of the week and the date in a zone, with its summer time.</summary>
internal sealed class TimeRule(RuleContext context, TimeOptions options, TimeWindow window) : ConditionRule(context, options.AllowDuringWindow)
{
    private readonly TimeProvider _clock = context.Environment.Clock;
    private long _lastMinute; // twice a minute's number, plus one if it is inside: the answer for all its requests

    protected override string Condition => $"everything {window}";

    public static Rule? Create(RuleContext context)
        => context.TryBind<TimeOptions>(out var options) && TimeWindowReader.TryRead(options, context, out var window)
            ? new TimeRule(context, options, window)
            : null;

    protected override bool Holds(RequestEnvelope request)
    {
        var now = _clock.GetUtcNow();
        var minute = now.UtcTicks / TimeSpan.TicksPerMinute;
        var last = Volatile.Read(ref _lastMinute);
        if (last >> 1 == minute) return (last & 1) != 0;
        var holds = window.Contains(now);
        Volatile.Write(ref _lastMinute, (minute << 1) | (holds ? 1L : 0L));
        return holds;
    }
}
