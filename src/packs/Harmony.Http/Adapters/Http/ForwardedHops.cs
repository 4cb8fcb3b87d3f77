using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Harmony.Core.Building;
using Harmony.Core.Envelope;

namespace Harmony.Http.Adapters.Http;

/// <summary>One hop of a request, as the proxy behind this hop tells it.</summary>
/// <param name="Address">The address of the hop; null where the proxy does not know it, hides it or writes no plain address.</param>
/// <param name="Scheme"><c>http</c> or <c>https</c>; null where the proxy says nothing.</param>
/// <param name="Host">The host that was asked for; null where the proxy says nothing or no host.</param>
internal readonly record struct ForwardedHop(IPAddress? Address, string? Scheme = null, string? Host = null);

/// <summary>
/// Reads the hops of a request from <c>X-Forwarded-For</c> or from <c>Forwarded</c> (RFC 7239). What is not written as the specification
/// says is a hop without an address, never a guess: a client could have written the text.
/// </summary>
internal static class ForwardedHops
{
    private const string TokenMarks = "!#$%&'*+-.^_`|~";
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> HostCharacters = SearchValues.Create(Alphanumeric + "-._~:[]");
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(Alphanumeric + TokenMarks);
    private static readonly SearchValues<char> HiddenNameCharacters = SearchValues.Create(Alphanumeric + "._-");
    private static readonly SearchValues<char> Ipv6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Reads the hops that the field tells, the farthest first.</summary>
    /// <param name="headers">The request's fields.</param>
    /// <param name="field">The field that counts.</param>
    /// <returns>Null where the request has no such field.</returns>
    public static List<ForwardedHop>? Read(HeaderFields headers, ForwardingField field)
    {
        if (field == ForwardingField.XForwardedFor)
        {
            return headers.Combined("x-forwarded-for") is { } list
                ? [.. list.Split(',').Select(entry => new ForwardedHop(AddressOf(entry.AsSpan().Trim(" \t"))))]
                : null;
        }

        if (!headers.Contains("forwarded")) return null;
        var hops = new List<ForwardedHop>();
        foreach (var line in headers.GetAll("forwarded"))
        {
            // A proxy that adds its own line has not checked the syntax of the lines before: each line is parsed alone.
            var read = new List<ForwardedHop>();
            if (TryReadLine(line, read)) hops.AddRange(read);
            else hops.Add(default);
        }

        if (hops.Count == 0) hops.Add(default);
        return hops;
    }

    /// <summary>Whether text from a proxy may stand where a host does, in fields that we write.</summary>
    public static bool IsHost(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(HostCharacters);

    /// <summary>
    /// An address with or without port, an IPv6 address with or without brackets; null for everything else, the shorthands of old (<c>10.1</c>) included.
    /// </summary>
    public static IPAddress? AddressOf(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("["))
        {
            var end = text.IndexOf(']');
            return end > 0 && IsNoneOrPort(text[(end + 1)..]) ? Ipv6Of(text[1..end]) : null;
        }

        var colon = text.IndexOf(':');
        if (colon >= 0 && text.LastIndexOf(':') != colon) return Ipv6Of(text);
        if (colon >= 0 && !IsNoneOrPort(text[colon..])) return null;
        return Ipv4Of(colon < 0 ? text : text[..colon]);
    }

    private static IPAddress? Ipv4Of(ReadOnlySpan<char> text)
        => Addresses.TryParse(text.ToString(), out var address) && address.AddressFamily == AddressFamily.InterNetwork ? address : null;

    /// <summary>No zone (<c>fe80::1%eth0</c>): the name of an interface means nothing on another machine.</summary>
    private static IPAddress? Ipv6Of(ReadOnlySpan<char> text)
    {
        if (text.ContainsAnyExcept(Ipv6Characters) || !IPAddress.TryParse(text, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
            return null;
        if (text.Contains('.') && Ipv4Of(text[(text.LastIndexOf(':') + 1)..]) is null) return null;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static bool IsNoneOrPort(ReadOnlySpan<char> text)
        => text.IsEmpty
            || (text[0] == ':' && text.Length is > 1 and <= 6 && !text[1..].ContainsAnyExceptInRange('0', '9') && int.Parse(text[1..]) <= ushort.MaxValue);

    /// <summary>One field line: <c>for=192.0.2.1;proto=https, for="[2001:db8::1]:4711"</c> (RFC 7239 §4).</summary>
    private static bool TryReadLine(ReadOnlySpan<char> rest, List<ForwardedHop> hops)
    {
        while (true)
        {
            if (!TryReadElement(ref rest, out var hop, out var isEmpty)) return false;
            if (!isEmpty) hops.Add(hop); // empty elements of a list are ignored (RFC 9110 §5.6.1.2)
            if (rest.IsEmpty) return true;
            rest = rest[1..];
        }
    }

    /// <summary>One element, up to the comma behind it or to the end.</summary>
    private static bool TryReadElement(ref ReadOnlySpan<char> rest, out ForwardedHop hop, out bool isEmpty)
    {
        (hop, isEmpty) = (default, true);
        var given = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            rest = rest.TrimStart(" \t");
            if (!rest.IsEmpty && rest[0] is not (',' or ';'))
            {
                // No parameter may be there twice (RFC 7239 §4).
                if (!TryReadPair(ref rest, out var name, out var value) || !given.Add(name) || !TryTake(name, value, ref hop)) return false;
                isEmpty = false;
                rest = rest.TrimStart(" \t");
            }

            if (rest.IsEmpty || rest[0] == ',') return true;
            if (rest[0] != ';') return false;
            rest = rest[1..];
        }
    }

    private static bool TryReadPair(ref ReadOnlySpan<char> rest, out string name, out string value)
    {
        (name, value) = ("", "");
        var end = rest.IndexOfAnyExcept(TokenCharacters);
        if (end <= 0 || rest[end] != '=') return false;
        name = rest[..end].ToString();
        rest = rest[(end + 1)..];
        if (rest.StartsWith("\"")) return TryReadQuoted(ref rest, out value);
        end = rest.IndexOfAnyExcept(TokenCharacters);
        if (end < 0) end = rest.Length;
        value = rest[..end].ToString();
        rest = rest[end..];
        return value.Length > 0;
    }

    private static bool TryReadQuoted(ref ReadOnlySpan<char> rest, out string value)
    {
        value = "";
        var text = new System.Text.StringBuilder();
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '"')
            {
                value = text.ToString();
                rest = rest[(i + 1)..];
                return true;
            }

            if (rest[i] == '\\' && ++i == rest.Length) break;
            text.Append(rest[i]);
        }

        return false;
    }

    private static bool TryTake(string name, string value, ref ForwardedHop hop)
    {
        switch (name.ToLowerInvariant())
        {
            case "for":
                if (!TryReadNode(value, out var address)) return false;
                hop = hop with { Address = address };
                break;
            case "proto" when value.ToLowerInvariant() is "http" or "https":
                hop = hop with { Scheme = value.ToLowerInvariant() };
                break;
            case "host" when IsHost(value):
                hop = hop with { Host = value };
                break;
        }

        return true;
    }

    /// <summary>A node (RFC 7239 §6): an address, <c>unknown</c> or a name that hides the hop (<c>_hidden</c>), with or without port.</summary>
    private static bool TryReadNode(ReadOnlySpan<char> node, out IPAddress? address)
    {
        address = null;
        var colon = node.StartsWith("[") ? node.IndexOf("]:") + 1 : node.IndexOf(':');
        var name = colon > 0 ? node[..colon] : node;
        if (colon > 0 && !IsHidden(node[(colon + 1)..]) && !IsNoneOrPort(node[colon..])) return false;
        if (name.Equals("unknown", StringComparison.OrdinalIgnoreCase) || IsHidden(name)) return true;
        address = name.StartsWith("[") ? AddressOf(name) : Ipv4Of(name);
        return address is not null;
    }

    private static bool IsHidden(ReadOnlySpan<char> text) => text.Length > 1 && text[0] == '_' && !text.ContainsAnyExcept(HiddenNameCharacters);
}
