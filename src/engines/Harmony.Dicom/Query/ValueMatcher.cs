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

    /// <summary>Whether a value is <c>*</c> alone, which matches what has no value as well (PS3.4 §C.2.2.2.4); of UIDs, tags and numbers it is no wild card.</summary>
    public static bool IsUniversal(Vr vr, string key)
        => key.AsSpan().TrimStart('*').IsEmpty && (vr.UsesCharacterSet() || vr is Vr.AE or Vr.CS or Vr.UR or Vr.DA or Vr.TM or Vr.DT);

    private sealed class SameText(string key) : ValueMatcher
    {
        public override bool Matches(string value) => value == key;
    }

    private sealed class SameNumber(double key) : ValueMatcher
    {
        public override bool Matches(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number.Equals(key);
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
                else if (inPattern < pattern.Length && (pattern[inPattern] == '?' || Same(pattern[inPattern], value[at]))) (inPattern, at) = (inPattern + 1, at + 1);
                else if (star >= 0) (inPattern, at) = (star + 1, ++resume);
                else return false;
            }

            return pattern.AsSpan(inPattern).TrimStart('*').IsEmpty;
        }

        private bool Same(char a, char b) => a == b || (ignoresCase && char.ToUpperInvariant(a) == char.ToUpperInvariant(b));
    }
}
