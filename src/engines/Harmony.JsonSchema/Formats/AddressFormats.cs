using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Harmony.JsonSchema.Formats;

/// <summary>Checks addresses of networks and of mailboxes.</summary>
internal static class AddressFormats
{
    private const int MaxLocalPart = 64; // RFC 5321 §4.5.3.1.1
    private const string Ipv6Tag = "IPv6:";

    private static readonly Regex Ipv4 = new(
        @"^(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}\z", RegexOptions.NonBacktracking);

    private static readonly Regex LocalPart = LocalPartOf("");
    private static readonly Regex InternationalLocalPart = LocalPartOf(@"\u0080-\uFFFF");

    /// <summary>RFC 2673 §3.2, without leading zeros, which some readers take for octal.</summary>
    public static bool IsIpv4(string text) => Ipv4.IsMatch(text);

    /// <summary>RFC 4291 §2.2, without a zone.</summary>
    public static bool IsIpv6(string text)
    {
        if (!text.Contains(':') || text.AsSpan().IndexOfAny('%', '[', '/') >= 0) return false;
        if (text.Contains('.') && !IsIpv4(text[(text.LastIndexOf(':') + 1)..])) return false;
        return IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
    }

    /// <summary>RFC 5321 §4.1.2.</summary>
    public static bool IsMailbox(string text) => IsMailbox(text, LocalPart, HostNames.IsHostName);

    /// <summary>RFC 6531 §3.3.</summary>
    public static bool IsInternationalMailbox(string text) => IsMailbox(text, InternationalLocalPart, HostNames.IsInternational);

    private static bool IsMailbox(string text, Regex localPart, Func<string, bool> isHostName)
    {
        var at = text.LastIndexOf('@');
        if (at is < 1 or > MaxLocalPart || !localPart.IsMatch(text[..at])) return false;
        var domain = text[(at + 1)..];
        if (domain is not ['[', .. var literal, ']']) return isHostName(domain);
        return literal.StartsWith(Ipv6Tag, StringComparison.OrdinalIgnoreCase) ? IsIpv6(literal[Ipv6Tag.Length..]) : IsIpv4(literal);
    }

    private static Regex LocalPartOf(string others)
    {
        var atom = $"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~{others}-]+";
        var quoted = $@"(?:[ !#-\[\]-~{others}]|\\[ -~])*";
        return new Regex($"""^(?:{atom}(?:\.{atom})*|"{quoted}")\z""", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }
}
