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
