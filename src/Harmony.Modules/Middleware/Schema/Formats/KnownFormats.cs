using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Harmony.Modules.Middleware.Schema.Values;

namespace Harmony.Modules.Middleware.Schema.Formats;

/// <summary>The formats of JSON Schema 2020-12 (validation §7.3).</summary>
internal static class KnownFormats
{
    // RFC 3339 appendix A
    private static readonly Regex Duration = Of(@"P(?:[0-9]+W|(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+S)?)?)");

    // RFC 5321 §4.1.2, without quoted local parts and address literals
    private static readonly Regex Email = Of(@"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?");
    private static readonly Regex IdnEmail = Of(@"[^\s@.](?:[^\s@]*[^\s@.])?@[^\s@]+");

    // RFC 1123 §2.1
    private static readonly Regex HostName = Of(@"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");
    private static readonly Regex Ipv4 = Of(@"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}");

    // RFC 3986 §2, §3.1
    private static readonly Regex Scheme = Of("[A-Za-z][A-Za-z0-9+.-]*:.*");
    private static readonly Regex UriCharacters = Of("""(?:[^\s"<>\\^`{|}%\x00-\x1f]|%[0-9A-Fa-f]{2})*""");

    // RFC 6570 §2
    private static readonly Regex UriTemplate =
        Of("""(?:[^{}\s"<>\\^`|]|\{[+#./;?&=,!@|]?[A-Za-z0-9_.%]+(?::[0-9]{1,4}|\*)?(?:,[A-Za-z0-9_.%]+(?::[0-9]{1,4}|\*)?)*\})*""");

    // RFC 6901 §3
    private static readonly Regex Pointer = Of("(?:/(?:[^~/]|~[01])*)*");
    private static readonly Regex RelativePointer = Of("(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~[01])*)*)");

    private static readonly FrozenDictionary<string, Func<string, bool>> All = new Dictionary<string, Func<string, bool>>(StringComparer.Ordinal)
    {
        ["date-time"] = DateTimes.IsDateTime,
        ["date"] = DateTimes.IsDate,
        ["time"] = DateTimes.IsTime,
        ["duration"] = text => text.Length > 1 && text[^1] != 'T' && Duration.IsMatch(text),
        ["email"] = text => Email.IsMatch(text),
        ["idn-email"] = text => IdnEmail.IsMatch(text),
        ["hostname"] = IsHostName,
        ["idn-hostname"] = text => Uri.CheckHostName(text) == UriHostNameType.Dns,
        ["ipv4"] = text => Ipv4.IsMatch(text),
        ["ipv6"] = IsIpv6,
        ["uri"] = text => IsAscii(text) && IsUri(text),
        ["iri"] = IsUri,
        ["uri-reference"] = text => IsAscii(text) && IsReference(text),
        ["iri-reference"] = IsReference,
        ["uri-template"] = text => UriTemplate.IsMatch(text),
        ["uuid"] = text => text.Length == 36 && Guid.TryParseExact(text, "D", out _),
        ["json-pointer"] = text => Pointer.IsMatch(text),
        ["relative-json-pointer"] = text => RelativePointer.IsMatch(text),
        ["regex"] = IsRegex,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The check of a format, or null when there is none of that name.</summary>
    public static Func<string, bool>? Find(string format) => All.GetValueOrDefault(format);

    private static Regex Of(string whole) => new($"^(?:{whole})\\z", RegexOptions.NonBacktracking | RegexOptions.Singleline);

    private static bool IsHostName(string text) => text.Length <= 253 && HostName.IsMatch(text);

    private static bool IsIpv6(string text)
        => text.Contains(':') && text.AsSpan().IndexOfAny('%', '[', '/') < 0 && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;

    private static bool IsUri(string text) => Scheme.IsMatch(text) && IsReference(text) && Uri.TryCreate(text, UriKind.Absolute, out _);

    private static bool IsReference(string text) => UriCharacters.IsMatch(text) && Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _);

    private static bool IsAscii(string text) => System.Text.Ascii.IsValid(text);

    private static bool IsRegex(string text)
    {
        try
        {
            _ = new SchemaPattern(text);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
