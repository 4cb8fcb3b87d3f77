using System.Globalization;
using System.Text.RegularExpressions;

namespace Harmony.JsonSchema.Formats;

/// <summary>URIs of RFC 3986 and IRIs of RFC 3987, by their grammars (appendix A, §2.2).</summary>
internal sealed class Uris
{
    private const string SubDelims = "!$&'()*+,;=";
    private const string Encoded = "%[0-9A-Fa-f]{2}";

    private readonly Regex _absolute;
    private readonly Regex _relative;

    /// <param name="others">Characters beyond ASCII that may stand anywhere, as in a character class.</param>
    /// <param name="othersOfQuery">Those that may stand in a query only.</param>
    private Uris(string others, string othersOfQuery)
    {
        var unreserved = $@"A-Za-z0-9\-._~{others}";
        var character = $"(?:[{unreserved}{SubDelims}:@]|{Encoded})";
        var host = $@"(?:\[(?<ip>[0-9A-Fa-f:.]+)\]|\[[Vv][0-9A-Fa-f]+\.[{unreserved}{SubDelims}:]+\]|(?:[{unreserved}{SubDelims}]|{Encoded})*)";
        var authority = $"(?:(?:[{unreserved}{SubDelims}:]|{Encoded})*@)?{host}(?::[0-9]*)?";
        var rest = $"(?:/{character}*)*";
        var rooted = $"//{authority}{rest}|/(?:{character}+{rest})?";
        var end = $@"(?:\?(?:{character}|[/?{othersOfQuery}])*)?(?:\#(?:{character}|[/?])*)?";
        _absolute = Of($"[A-Za-z][A-Za-z0-9+.-]*:(?:{rooted}|{character}+{rest}|){end}");
        // The first segment of a relative path has no colon: it would be a scheme.
        _relative = Of($"(?:{rooted}|(?:[{unreserved}{SubDelims}@]|{Encoded})+{rest}|){end}");
    }

    public static Uris Ascii { get; } = new("", "");

    /// <summary>Characters beyond the first plane are taken as pairs of surrogates, without a look at which they are.</summary>
    public static Uris International { get; } = new(@"\u00A0-\uDFFF\uF900-\uFDCF\uFDF0-\uFFEF", @"\uE000-\uF8FF");

    public bool IsAbsolute(string text) => Fits(_absolute.Match(text));

    public bool IsReference(string text) => IsAbsolute(text) || Fits(_relative.Match(text));

    private static bool Fits(Match match) => match.Success && (match.Groups["ip"] is not { Success: true } address || AddressFormats.IsIpv6(address.Value));

    private static Regex Of(string whole) => new($"^(?:{whole})\\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}

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
