using System.Net.Sockets;
using System.Net;
using Harmony.Core.Configuration;

namespace Harmony.Core.Building;

/// <summary>Reads addresses as people write them in configurations: <c>10.0.0.1</c>, <c>::1</c>, <c>[::1]</c>, <c>10.0.0.0/8</c>.</summary>
public static class Addresses
{
    /// <summary>Reads one address. Not the shorthands of old (<c>127.1</c>, <c>8080</c>), which are mistakes more often than addresses.</summary>
    public static bool TryParse(string text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Contains("]:", StringComparison.Ordinal) || !IPAddress.TryParse(text, out var parsed)) return false;
        address = parsed;
        return parsed.AddressFamily != AddressFamily.InterNetwork || parsed.ToString() == text;
    }

    /// <summary>Whether the text names hosts: an address, a host name, or all names below one (<c>*.example.org</c>).</summary>
    public static bool AreHosts(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out _) || Uri.CheckHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text) == UriHostNameType.Dns;
    }

    /// <summary>Reads an address or a CIDR range; bits behind the prefix do not matter.</summary>
    public static bool TryParseRange(string text, out IPNetwork range)
    {
        range = default;
        var slash = text.IndexOf('/');
        if (!TryParse(slash < 0 ? text : text[..slash], out var address)) return false;
        var bytes = address.GetAddressBytes();
        var length = bytes.Length * 8;
        if (slash >= 0 && !int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out length)) return false;
        if (length > bytes.Length * 8) return false;
        for (var bit = length; bit < bytes.Length * 8; bit++) bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        range = new IPNetwork(new IPAddress(bytes), length);
        return true;
    }

    /// <summary>Whether a range names an address inside of it and not its first, <c>10.1.2.3/8</c>: the author may have meant the one address.</summary>
    public static bool BitsBehindPrefix(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var slash = text.IndexOf('/');
        return slash > 0 && TryParseRange(text, out var range) && TryParse(text[..slash], out var address) && !address.Equals(range.BaseAddress);
    }

    /// <summary>Whether only this machine reaches what a network listens on.</summary>
    public static bool IsLoopback(NetworkSection network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return (network.TcpConfig is not { } tcp || IsLoopback(tcp.BindAddress)) && (network.Http3 is not { } http3 || IsLoopback(http3.BindAddress));
    }

    /// <summary>Whether an address, as configured, is one of this machine alone.</summary>
    public static bool IsLoopback(string text) => text == "localhost" || (TryParse(text, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Whether listeners on both, and one port, would be in each other's way.</summary>
    public static bool Overlap(string left, string right)
    {
        if (left == right) return true;
        if (left == "localhost") return Overlap("127.0.0.1", right) || Overlap("::1", right);
        if (right == "localhost") return Overlap(right, left);
        if (!TryParse(left, out var a) || !TryParse(right, out var b)) return false;
        return a.Equals(b)
            || a.Equals(IPAddress.IPv6Any) || b.Equals(IPAddress.IPv6Any) // takes IPv4 as well
            || (a.AddressFamily == b.AddressFamily && (a.Equals(IPAddress.Any) || b.Equals(IPAddress.Any)));
    }
}

/// <summary>
/// Warns of a listener that is open to every interface only by default. The default stays, because files written for the public
/// Harmony Proxy count on it; an operator who wants it should write it.
/// </summary>
public static class EveryInterface
{
    /// <summary>Warns.</summary>
    /// <param name="who">Who listens: <c>network 'main'</c>.</param>
    /// <param name="key">The key that would say where: <c>bind_address</c>.</param>
    /// <param name="location">Where it would stand.</param>
    /// <param name="problems">Takes the warning.</param>
    public static void Warn(string who, string key, SourceLocation location, ConfigProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        problems.Warning(location, $"{who} listens on every interface, because '{key}' is not given; write {key} = \"0.0.0.0\" if that is meant, else "
            + "\"127.0.0.1\" or an address of this machine");
    }
}

/// <summary>Takes a target's URL apart, so that a backend can put its own port or base path over it.</summary>
internal static class UrlParts
{
    /// <summary>The URL as connection settings; null when it is none that has such parts alone, for the service to complain about.</summary>
    public static ConnectionSection? Of(string url, RemoteSystemSection target)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return null;
        if (uri.Host.Length == 0 || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0) return null;
        return new ConnectionSection
        {
            Host = uri.Host,
            Port = uri.IsDefaultPort ? null : uri.Port,
            Protocol = uri.Scheme,
            BasePath = uri.AbsolutePath == "/" ? null : uri.AbsolutePath,
            Location = target.LocationOf("url"),
        };
    }
}
