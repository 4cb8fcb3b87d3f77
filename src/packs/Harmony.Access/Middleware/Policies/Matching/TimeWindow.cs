using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Harmony.Access.Middleware.Policies.Rules;

namespace Harmony.Access.Middleware.Policies.Matching;

/// <summary>
/// A time of day on some days, to the minute. One that ends earlier than it begins goes past midnight and belongs to the day on which it began.
/// </summary>
/// <param name="Zone">The zone that days and times are of.</param>
/// <param name="Start">First minute.</param>
/// <param name="End">Last minute.</param>
/// <param name="Days">Days of the week on which it begins, a bit for each from Sunday on.</param>
/// <param name="FirstDate">First day on which it begins.</param>
/// <param name="LastDate">Last day on which it begins.</param>
internal sealed record TimeWindow(TimeZoneInfo Zone, TimeOnly Start, TimeOnly End, int Days, DateOnly FirstDate, DateOnly LastDate)
{
    /// <summary>All days of the week.</summary>
    public const int EveryDay = 0x7f;

    /// <summary>Whether the window is open.</summary>
    public bool Contains(DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(now, Zone).DateTime;
        var (day, time) = (DateOnly.FromDateTime(local), new TimeOnly(local.Hour, local.Minute));
        if (Start <= End) return time >= Start && time <= End && Begins(day);
        return (time >= Start && Begins(day)) || (time <= End && day > DateOnly.MinValue && Begins(day.AddDays(-1)));
    }

    /// <summary><c>from 09:00 to 17:00 on Monday, Tuesday (Europe/Berlin)</c>.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (Start != TimeOnly.MinValue || End != LastMinute) parts.Add(string.Create(CultureInfo.InvariantCulture, $"from {Start:HH\\:mm} to {End:HH\\:mm}"));
        if (Days != EveryDay) parts.Add($"on {string.Join(", ", Enum.GetValues<DayOfWeek>().Where(d => (Days & (1 << (int)d)) != 0))}");
        if (FirstDate != DateOnly.MinValue) parts.Add(string.Create(CultureInfo.InvariantCulture, $"from {FirstDate:yyyy-MM-dd} on"));
        if (LastDate != DateOnly.MaxValue) parts.Add(string.Create(CultureInfo.InvariantCulture, $"until {LastDate:yyyy-MM-dd}"));
        return parts.Count == 0 ? "at all times" : $"{string.Join(" ", parts)} ({Zone.Id})";
    }

    /// <summary>23:59.</summary>
    public static TimeOnly LastMinute => new(23, 59);

    private bool Begins(DateOnly day) => day >= FirstDate && day <= LastDate && (Days & (1 << (int)day.DayOfWeek)) != 0;
}

/// <summary>Reads the options of a <c>time_based</c> rule.</summary>
internal static class TimeWindowReader
{
    /// <summary>The window; false when the problems got an error.</summary>
    public static bool TryRead(TimeOptions options, RuleContext context, [NotNullWhen(true)] out TimeWindow? window)
    {
        window = null;
        var sound = TryZone(options, context, out var zone);
        sound &= TryTime(options.StartTime, "start_time", TimeOnly.MinValue, options, context, out var start);
        sound &= TryTime(options.EndTime, "end_time", TimeWindow.LastMinute, options, context, out var end);
        sound &= TryDays(options, context, out var days);
        sound &= TryDate(options.StartDate, "start_date", DateOnly.MinValue, options, context, out var first);
        sound &= TryDate(options.EndDate, "end_date", DateOnly.MaxValue, options, context, out var last);
        if (sound && first > last) sound = context.Fail(options.LocationOf("end_date"), "'end_date' is before 'start_date', so the window never opens");
        if (sound) window = new TimeWindow(zone!, start, end, days, first, last);
        return window is not null;
    }

    private static bool TryZone(TimeOptions options, RuleContext context, out TimeZoneInfo? zone)
    {
        // UTC needs no time zone files.
        zone = options.Timezone is "UTC" or "Etc/UTC" ? TimeZoneInfo.Utc : null;
        if (zone is not null || TimeZoneInfo.TryFindSystemTimeZoneById(options.Timezone, out zone)) return true;
        return context.Fail(options.LocationOf("timezone"),
            $"time zone '{options.Timezone}' is not known here; write one such as Europe/Berlin (the system's package tzdata has them)");
    }

    private static bool TryTime(string? text, string key, TimeOnly absent, TimeOptions options, RuleContext context, out TimeOnly time)
    {
        time = absent;
        return text is null
            || TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time)
            || context.Fail(options.LocationOf(key), $"'{text}' is no time of day; write 09:30");
    }

    private static bool TryDate(string? text, string key, DateOnly absent, TimeOptions options, RuleContext context, out DateOnly date)
    {
        date = absent;
        return text is null
            || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date)
            || context.Fail(options.LocationOf(key), $"'{text}' is no date; write 2026-01-31");
    }

    private static bool TryDays(TimeOptions options, RuleContext context, out int days)
    {
        days = options.DaysOfWeek.Count == 0 ? TimeWindow.EveryDay : 0;
        var sound = true;
        for (var i = 0; i < options.DaysOfWeek.Count; i++)
        {
            if (DayOf(options.DaysOfWeek[i]) is { } day) days |= 1 << (int)day;
            else sound = context.Fail(options.LocationOf("days_of_week", i), $"'{options.DaysOfWeek[i]}' is no day of the week; write mon or monday");
        }

        return sound;
    }

    /// <summary>A day by its whole English name or its first three letters, in any case.</summary>
    private static DayOfWeek? DayOf(string text)
    {
        foreach (var day in Enum.GetValues<DayOfWeek>())
        {
            var name = day.ToString();
            if (text.Equals(name, StringComparison.OrdinalIgnoreCase) || text.Equals(name[..3], StringComparison.OrdinalIgnoreCase)) return day;
        }

        return null;
    }
}
