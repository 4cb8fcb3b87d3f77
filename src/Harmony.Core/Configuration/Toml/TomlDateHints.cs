using System.Globalization;

namespace Harmony.Core.Configuration.Toml;

/// <summary>Tells what is wrong with a date or time.</summary>
internal static class TomlDateHints
{
    private static readonly string[] Parts = ["month", "day", "hour", "minute", "second"];

    /// <summary>Digits, then <c>-</c> or <c>:</c>, then a digit: nothing else in TOML starts like that.</summary>
    public static bool LooksLikeDateOrTime(string token)
    {
        var end = token.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return end > 0 && end + 1 < token.Length && token[end] is '-' or ':' && char.IsAsciiDigit(token[end + 1]);
    }

    /// <summary>The message for a token of the wrong form.</summary>
    public static string ForForm(string token)
    {
        var isTime = token.AsSpan().IndexOfAnyExceptInRange('0', '9') is var end && token[end] == ':';
        var expected = isTime
            ? "time: expected hh:mm:ss"
            : "date or time: expected YYYY-MM-DD or YYYY-MM-DDThh:mm:ss, with Z or +hh:mm behind it for an offset";
        return $"{TomlFound.Quote(token)} is not a {expected}; strings need quotes: {TomlHints.Quoted(token)}";
    }

    /// <summary>The message for a token of the right form that names a day or time that does not exist.</summary>
    public static string ForRange(string token)
    {
        var isTime = token[2] == ':';
        int Part(int start) => int.Parse(token.AsSpan(start, 2), CultureInfo.InvariantCulture);
        var year = isTime ? 1 : int.Parse(token.AsSpan(0, 4), CultureInfo.InvariantCulture);
        if (year == 0) return $"{TomlFound.Quote(token)} is out of range: years run from 0001 to 9999";
        int[] limits = [12, 31, 23, 59, 59];
        for (int i = isTime ? 2 : 0, start = isTime ? 0 : 5; i < Parts.Length && start + 2 <= token.Length; i++, start += 3)
        {
            var part = Part(start);
            if (i == 1) limits[1] = DateTime.DaysInMonth(year, Part(5));
            var least = i < 2 ? 1 : 0;
            if (part >= least && part <= limits[i]) continue;
            return $"{TomlFound.Quote(token)} does not exist: the {Parts[i]} is {part:00}, expected {least:00} to {limits[i]:00}";
        }

        return $"{TomlFound.Quote(token)} is out of range: offsets run to 23:59 and years from 0001 to 9999";
    }
}
