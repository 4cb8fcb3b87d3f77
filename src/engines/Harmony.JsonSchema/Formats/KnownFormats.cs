using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Harmony.JsonSchema.Values;

namespace Harmony.JsonSchema.Formats;

/// <summary>The formats of JSON Schema 2020-12 (validation §7.3).</summary>
internal static class KnownFormats
{
    // RFC 3339 appendix A: units in order and without a gap
    private static readonly Regex Duration = Of(DurationGrammar());

    // RFC 6570 §2; apostrophes are let through, as everywhere in the field
    private static readonly Regex UriTemplate = Of(UriTemplateGrammar());

    // RFC 6901 §3
    private static readonly Regex Pointer = Of("(?:/(?:[^~/]|~[01])*)*");
    private static readonly Regex RelativePointer = Of("(?:0|[1-9][0-9]*)(?:[+-][1-9][0-9]*)?(?:#|(?:/(?:[^~/]|~[01])*)*)");

    private static readonly FrozenDictionary<string, Func<string, bool>> All = new Dictionary<string, Func<string, bool>>(StringComparer.Ordinal)
    {
        ["date-time"] = DateTimes.IsDateTime,
        ["date"] = DateTimes.IsDate,
        ["time"] = DateTimes.IsTime,
        ["duration"] = text => Duration.IsMatch(text),
        ["email"] = AddressFormats.IsMailbox,
        ["idn-email"] = AddressFormats.IsInternationalMailbox,
        ["hostname"] = HostNames.IsHostName,
        ["idn-hostname"] = HostNames.IsInternational,
        ["ipv4"] = AddressFormats.IsIpv4,
        ["ipv6"] = AddressFormats.IsIpv6,
        ["uri"] = Uris.Ascii.IsAbsolute,
        ["iri"] = Uris.International.IsAbsolute,
        ["uri-reference"] = Uris.Ascii.IsReference,
        ["iri-reference"] = Uris.International.IsReference,
        ["uri-template"] = text => UriTemplate.IsMatch(text),
        ["uuid"] = text => text.Length == 36 && Guid.TryParseExact(text, "D", out _),
        ["json-pointer"] = text => Pointer.IsMatch(text),
        ["relative-json-pointer"] = text => RelativePointer.IsMatch(text),
        ["regex"] = IsRegex,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The check of a format, or null when there is none of that name.</summary>
    public static Func<string, bool>? Find(string format) => All.GetValueOrDefault(format);

    private static Regex Of(string whole) => new($"^(?:{whole})\\z", RegexOptions.NonBacktracking | RegexOptions.Singleline);

    private static string DurationGrammar()
    {
        const string Date = "(?:[0-9]+D|[0-9]+M(?:[0-9]+D)?|[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?)";
        const string Time = "T(?:[0-9]+S|[0-9]+M(?:[0-9]+S)?|[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?)";
        return $"P(?:{Date}(?:{Time})?|{Time}|[0-9]+W)";
    }

    private static string UriTemplateGrammar()
    {
        const string Encoded = "%[0-9A-Fa-f]{2}";
        const string Literal = """[^\x00-\x20\x7F-\x9F"%<>\\^`{|}]""";
        const string Character = $"(?:[A-Za-z0-9_]|{Encoded})";
        const string Variable = $@"{Character}(?:\.?{Character})*(?::[1-9][0-9]{{0,3}}|\*)?";
        return $@"(?:{Literal}|{Encoded}|\{{[+#./;?&=,!@|]?{Variable}(?:,{Variable})*\}})*";
    }

    private static bool IsRegex(string text)
    {
        try
        {
            _ = new SchemaPattern(text);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false;
        }
    }
}
