using System.Globalization;
using Harmony.Access.Middleware.Policies.Matching;

namespace Harmony.Access.Tests.Middleware.Policies.Matching;

public sealed class TimeWindowTests
{
    [Theory]
    [InlineData("09:00", "17:30", "UTC", "2026-03-02T08:59:59Z", false)]
    [InlineData("09:00", "17:30", "UTC", "2026-03-02T09:00:00Z", true)]
    [InlineData("09:00", "17:30", "UTC", "2026-03-02T17:30:59Z", true)]
    [InlineData("09:00", "17:30", "UTC", "2026-03-02T17:31:00Z", false)]
    // Past midnight.
    [InlineData("22:00", "06:00", "UTC", "2026-03-02T23:00:00Z", true)]
    [InlineData("22:00", "06:00", "UTC", "2026-03-02T06:00:30Z", true)]
    [InlineData("22:00", "06:00", "UTC", "2026-03-02T06:01:00Z", false)]
    [InlineData("22:00", "06:00", "UTC", "2026-03-02T21:59:00Z", false)]
    // Summer time begins on 29 March 2026 in Berlin: 08:00 UTC is 09:00 on the day before, and 10:00 on that day.
    [InlineData("09:00", "09:59", "Europe/Berlin", "2026-03-28T08:00:00Z", true)]
    [InlineData("09:00", "09:59", "Europe/Berlin", "2026-03-29T08:00:00Z", false)]
    [InlineData("09:00", "09:59", "Europe/Berlin", "2026-03-29T07:00:00Z", true)]
    // The hour that there is twice on 25 October is open twice.
    [InlineData("02:00", "02:59", "Europe/Berlin", "2026-10-25T00:30:00Z", true)]
    [InlineData("02:00", "02:59", "Europe/Berlin", "2026-10-25T01:30:00Z", true)]
    [InlineData("02:00", "02:59", "Europe/Berlin", "2026-10-25T02:00:00Z", false)]
    public void Contains_TimeOfDay_InItsZone(string start, string end, string zone, string now, bool expected)
        => Assert.Equal(expected, Window(start, end, zone).Contains(At(now)));

    [Theory]
    [InlineData("2026-03-02T23:00:00Z", true)] // Monday evening
    [InlineData("2026-03-03T05:00:00Z", true)] // the night from Monday
    [InlineData("2026-03-03T23:00:00Z", false)] // Tuesday evening
    [InlineData("2026-03-02T05:00:00Z", false)] // the night from Sunday
    public void Contains_NightOfADay_BelongsToTheDayOnWhichItBegan(string now, bool expected)
        => Assert.Equal(expected, (Window("22:00", "06:00", "UTC") with { Days = 1 << (int)DayOfWeek.Monday }).Contains(At(now)));

    [Theory]
    [InlineData("2026-01-31T23:00:00Z", true)] // 1 February in Berlin
    [InlineData("2026-01-31T22:59:00Z", false)]
    [InlineData("2026-02-28T22:59:00Z", true)]
    [InlineData("2026-02-28T23:00:00Z", false)]
    public void Contains_Dates_AreThoseOfTheZone(string now, bool expected)
    {
        var february = Window("00:00", "23:59", "Europe/Berlin") with { FirstDate = new DateOnly(2026, 2, 1), LastDate = new DateOnly(2026, 2, 28) };
        Assert.Equal(expected, february.Contains(At(now)));
        Assert.Equal("from 2026-02-01 on until 2026-02-28 (Europe/Berlin)", february.ToString());
    }

    private static TimeWindow Window(string start, string end, string zone)
        => new(TimeZoneInfo.FindSystemTimeZoneById(zone), TimeOnly.Parse(start, CultureInfo.InvariantCulture),
            TimeOnly.Parse(end, CultureInfo.InvariantCulture),
            TimeWindow.EveryDay, DateOnly.MinValue, DateOnly.MaxValue);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
