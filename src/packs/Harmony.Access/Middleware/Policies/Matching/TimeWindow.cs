using System.Globalization;

namespace Harmony.Access.Middleware.Policies.Matching;

/// <summary>A time of day on some days, to the minute. One that ends earlier than it begins goes past midnight and belongs to the day on which it began.</summary>
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
