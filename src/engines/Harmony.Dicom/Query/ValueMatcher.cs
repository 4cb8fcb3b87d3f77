using System.Buffers;
using System.Globalization;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Query;

/// <summary>One value of a key, compared with one value of a data set.</summary>
internal abstract class ValueMatcher
{
    public abstract bool Matches(string value);

    public static ValueMatcher For(Vr vr, string key) => vr switch
    {
        Vr.DA or Vr.TM or Vr.DT => MomentRange.Parse(vr, key),
        Vr.PN => new NameMatcher(key),
        Vr.UI or Vr.AT => new SameText(key),
        Vr.IS or Vr.DS or Vr.FL or Vr.FD or Vr.SL or Vr.SS or Vr.UL or Vr.US or Vr.SV or Vr.UV
            => double.TryParse(key, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? new SameNumber(number) : new SameText(key),
        _ => key.AsSpan().IndexOfAny('*', '?') >= 0 ? new WildCard(key, ignoresCase: false) : new SameText(key),
    };

    /// <summary>
    /// Whether a value is <c>*</c> alone, which matches what has no value as well (PS3.4 §C.2.2.2.4); of UIDs, tags and numbers it is no wild card.
    /// </summary>
    public static bool IsUniversal(Vr vr, string key)
        => key.AsSpan().TrimStart('*').IsEmpty && (vr.UsesCharacterSet() || vr is Vr.AE or Vr.CS or Vr.UR or Vr.DA or Vr.TM or Vr.DT);

    private sealed class SameText(string key) : ValueMatcher
    {
        public override bool Matches(string value) => value == key;
    }

    private sealed class SameNumber(double key) : ValueMatcher
    {
        public override bool Matches(string value)
            => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number.Equals(key);
    }

    /// <summary>Any group of the key that is given must match any way in which the name is written.</summary>
    private sealed class NameMatcher(string key) : ValueMatcher
    {
        private readonly WildCard[] _groups = [.. Groups(PersonName.Parse(key)).Select(g => new WildCard(g, ignoresCase: true))];

        public override bool Matches(string value)
        {
            var names = Groups(PersonName.Parse(value));
            return _groups.All(g => names.Any(g.Matches));
        }

        private static List<string> Groups(PersonName name) => [.. new[] { name.Alphabetic, name.Ideographic, name.Phonetic }.Where(g => g.Length > 0)];
    }

    /// <summary><c>*</c> stands for any characters, <c>?</c> for one: PS3.4 §C.2.2.2.4. In time proportional to the lengths, whatever the pattern.</summary>
    private sealed class WildCard(string pattern, bool ignoresCase) : ValueMatcher
    {
        public override bool Matches(string value)
        {
            int at = 0, inPattern = 0, star = -1, resume = 0;
            while (at < value.Length)
            {
                if (inPattern < pattern.Length && pattern[inPattern] == '*') (star, resume) = (inPattern++, at);
                else if (inPattern < pattern.Length && (pattern[inPattern] == '?' || Same(pattern[inPattern], value[at])))
                    (inPattern, at) = (inPattern + 1, at + 1);
                else if (star >= 0) (inPattern, at) = (star + 1, ++resume);
                else return false;
            }

            return pattern.AsSpan(inPattern).TrimStart('*').IsEmpty;
        }

        private bool Same(char a, char b) => a == b || (ignoresCase && char.ToUpperInvariant(a) == char.ToUpperInvariant(b));
    }
}

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
    /// Whether an end is open, or a date or a time: digits, with the colons and dots of the old forms; some put an asterisk behind what they leave open.
    /// Nothing lies within other text.
    /// </summary>
    private static bool IsMoment(string end)
    {
        var text = end.AsSpan().TrimEnd('*');
        return end.Length == 0 || (text.ContainsAnyInRange('0', '9') && !text.ContainsAnyExcept(MomentCharacters));
    }

    /// <summary>Colons and dots stand in the old forms, 1999.12.31 and 10:30; a dot before a fraction may go as well.</summary>
    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));
}
