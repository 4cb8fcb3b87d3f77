using System.Globalization;

namespace Harmony.Core.Configuration.Toml;

/// <summary>Reads the dates and times of RFC 3339, with and without offset.</summary>
internal static class TomlDates
{
    private const int DateLength = 10;
    private const int TimeLength = 8;

    /// <summary>Whether <paramref name="text"/> has the form of a date, real or not: then a space and a time may follow.</summary>
    public static bool IsDate(string text) => text.Length == DateLength && HasForm(text, "0000-00-00");

    /// <returns>Null when <paramref name="token"/> is no date or time; then <paramref name="problem"/> says why if it was meant to be one.</returns>
    public static TomlValue? Read(string token, SourceLocation location, out string? problem)
    {
        problem = null;
        if (!TomlDateHints.LooksLikeDateOrTime(token)) return null;
        try
        {
            var value = ReadExact(token, location);
            if (value is null) problem = TomlDateHints.ForForm(token);
            return value;
        }
        catch (ArgumentOutOfRangeException) // what the calendar or the clock does not have
        {
            problem = TomlDateHints.ForRange(token);
            return null;
        }
    }

    private static TomlValue? ReadExact(ReadOnlySpan<char> token, SourceLocation location)
    {
        if (HasForm(token, "00:00:00")) return ReadTime(ref token) is { } timeOfDay && token.IsEmpty ? new TomlLocalTime(timeOfDay, location) : null;
        if (!HasForm(token, "0000-00-00")) return null;
        var date = new DateOnly(Number(token[..4]), Number(token[5..7]), Number(token[8..10]));
        token = token[DateLength..];
        if (token.IsEmpty) return new TomlLocalDate(date, location);
        if (token[0] is not ('T' or 't' or ' ')) return null;
        token = token[1..];
        if (ReadTime(ref token) is not { } time) return null;
        var local = date.ToDateTime(time);
        if (token.IsEmpty) return new TomlLocalDateTime(local, location);
        return ReadOffset(token) is { } offset ? new TomlOffsetDateTime(At(local, offset), location) : null;
    }

    /// <summary>Takes a time off the front of <paramref name="token"/>.</summary>
    private static TimeOnly? ReadTime(ref ReadOnlySpan<char> token)
    {
        if (!HasForm(token, "00:00:00")) return null;
        var time = new TimeOnly(Number(token[..2]), Number(token[3..5]), Number(token[6..8]));
        token = token[TimeLength..];
        if (token is not ['.', .. var rest]) return time;
        var digits = rest.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : rest.Length;
        if (digits == 0) return null;
        token = rest[digits..];
        return new TimeOnly(time.Ticks + Ticks(rest[..digits]));
    }

    /// <summary>Digits beyond the precision of .NET are cut off, not rounded, as TOML wants it.</summary>
    private static long Ticks(ReadOnlySpan<char> fraction)
    {
        long ticks = 0;
        for (var i = 0; i < 7; i++) ticks = (ticks * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
        return ticks;
    }

    private static TimeSpan? ReadOffset(ReadOnlySpan<char> token)
    {
        if (token is "Z" or "z") return TimeSpan.Zero;
        if (token.Length != 6 || token[0] is not ('+' or '-') || !HasForm(token[1..], "00:00")) return null;
        var offset = new TimeOnly(Number(token[1..3]), Number(token[4..6])).ToTimeSpan();
        return token[0] == '-' ? -offset : offset;
    }

    private static DateTimeOffset At(DateTime local, TimeSpan offset) => offset.Duration() <= TimeSpan.FromHours(14)
        ? new DateTimeOffset(local, offset)
        : new DateTimeOffset(local.Subtract(offset), TimeSpan.Zero); // .NET holds no such offset, but the instant

    /// <summary>Whether <paramref name="text"/> starts with <paramref name="form"/>, in which 0 stands for any digit.</summary>
    private static bool HasForm(ReadOnlySpan<char> text, string form)
    {
        if (text.Length < form.Length) return false;
        for (var i = 0; i < form.Length; i++)
        {
            if (form[i] == '0' ? !char.IsAsciiDigit(text[i]) : text[i] != form[i]) return false;
        }

        return true;
    }

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}

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
