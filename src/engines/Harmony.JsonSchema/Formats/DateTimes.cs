using System.Globalization;
using System.Text.RegularExpressions;

namespace Harmony.JsonSchema.Formats;

/// <summary>Dates and times of RFC 3339 §5.6.</summary>
internal static class DateTimes
{
    private static readonly Regex DateShape = new(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}\z", RegexOptions.NonBacktracking);

    private static readonly Regex TimeShape = new(
        @"^(?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(?:\.[0-9]+)?(?:[Zz]|(?<sign>[+-])(?<offsetHour>[0-9]{2}):(?<offsetMinute>[0-9]{2}))\z",
        RegexOptions.NonBacktracking);

    public static bool IsDateTime(string text) => text.Length > 11 && text[10] is 'T' or 't' && IsDate(text[..10]) && IsTime(text[11..]);

    public static bool IsDate(string text)
    {
        if (!DateShape.IsMatch(text)) return false;
        var (year, month, day) = (Number(text.AsSpan(0, 4)), Number(text.AsSpan(5, 2)), Number(text.AsSpan(8, 2)));
        // .NET's calendar begins with the year 1; the year 0 is like any that 400 divides.
        return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year == 0 ? 400 : year, month);
    }

    public static bool IsTime(string text)
    {
        var match = TimeShape.Match(text);
        if (!match.Success) return false;
        var (hour, minute, second) = (Part("hour"), Part("minute"), Part("second"));
        var (offsetHour, offsetMinute) = (Part("offsetHour"), Part("offsetMinute"));
        if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return false;
        if (second < 60) return true;
        // A leap second is the last of a day in UTC.
        var offset = (offsetHour * 60 + offsetMinute) * (match.Groups["sign"].Value == "-" ? -1 : 1);
        return ((hour * 60 + minute - offset) % 1440 + 1440) % 1440 == 1439;

        int Part(string group) => match.Groups[group] is { Success: true } found ? Number(found.ValueSpan) : 0;
    }

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
