using System.Buffers;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Query;

/// <summary>
/// A range of dates, times or both, open at either end: <c>20240101-20240331</c>, <c>-1200</c> (PS3.4 §C.2.2.2.5). A value with fewer
/// digits means all that begins with them. Offsets from UTC are not taken into account.
/// </summary>
internal sealed class MomentRange : ValueMatcher
{
    private static readonly SearchValues<char> MomentCharacters = SearchValues.Create("0123456789.:");

    private readonly string _from;
    private readonly string _to;

    private readonly bool _isNone;

    private MomentRange(string from, string to)
    {
        (_from, _to) = (Digits(from), Digits(to));
        _isNone = !IsMoment(from) || !IsMoment(to);
    }

    public static MomentRange Parse(Vr vr, string key)
    {
        var (from, to) = vr == Vr.DT ? SplitDateTime(key) : Split(key, key.IndexOf('-'));
        return new MomentRange(from.Trim(), to.Trim());
    }

    /// <summary>Both ends of the value lie within, as far as the digits of each end go.</summary>
    public override bool Matches(string value)
    {
        var digits = Digits(WithoutOffset(value));
        return !_isNone && digits.Length > 0 && Compare(digits, _from) >= 0 && (_to.Length == 0 || Compare(digits, _to) <= 0);
    }

    private static int Compare(string value, string end)
    {
        var length = Math.Min(value.Length, end.Length);
        return string.CompareOrdinal(value, 0, end, 0, length);
    }

    private static (string From, string To) Split(string key, int hyphen) => hyphen < 0 ? (key, key) : (key[..hyphen], key[(hyphen + 1)..]);

    /// <summary>A hyphen may also begin an offset from UTC, which has four digits and is at most 1400; no year is.</summary>
    private static (string From, string To) SplitDateTime(string key)
    {
        for (var i = key.IndexOf('-'); i >= 0; i = key.IndexOf('-', i + 1))
        {
            if (i > 0 && IsOffset(key.AsSpan(i + 1))) continue;
            return (WithoutOffset(key[..i]), WithoutOffset(key[(i + 1)..]));
        }

        return (WithoutOffset(key), WithoutOffset(key));
    }

    private static bool IsOffset(ReadOnlySpan<char> rest)
        => rest.Length >= 4 && (rest.Length == 4 || rest[4] == '-') && int.TryParse(rest[..4], out var offset) && offset <= 1400;

    private static string WithoutOffset(string text)
    {
        var sign = text.AsSpan().IndexOfAny('+', '-');
        return sign < 0 ? text : text[..sign];
    }

    /// <summary>
    /// Whether an end is open, or a date or a time: digits, with the colons and dots of the old forms; some put an asterisk behind what they leave open. Nothing lies within other text.
    /// </summary>
    private static bool IsMoment(string end)
    {
        var text = end.AsSpan().TrimEnd('*');
        return end.Length == 0 || (text.ContainsAnyInRange('0', '9') && !text.ContainsAnyExcept(MomentCharacters));
    }

    /// <summary>Colons and dots stand in the old forms, 1999.12.31 and 10:30; a dot before a fraction may go as well.</summary>
    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));
}
