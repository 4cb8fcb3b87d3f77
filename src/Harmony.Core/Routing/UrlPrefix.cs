using System.Diagnostics.CodeAnalysis;

namespace Harmony.Core.Routing;

/// <summary>
/// A URL that stands for itself and all below it: <c>https://fhir.example.org/r4</c> has <c>/r4</c> and <c>/r4/Patient</c>, not <c>/r40</c>, and not the
/// same by http. Ports count where the URL writes one. Immutable.
/// </summary>
public sealed class UrlPrefix
{
    private readonly RouteTable<UrlPrefix> _path;

    private UrlPrefix(string text, string scheme, string host, int? port, string path)
    {
        (Text, Scheme, Host, Port, Path) = (text, scheme, host, port, path);
        var below = new RouteTable<UrlPrefix>.Builder();
        below.TryAddPrefix(path, null, this, out _);
        _path = below.Build();
    }

    /// <summary>As it is written.</summary>
    public string Text { get; }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme { get; }

    /// <summary>The host, in small letters, an IPv6 address in brackets.</summary>
    public string Host { get; }

    /// <summary>The port that is written; null for any.</summary>
    public int? Port { get; }

    /// <summary>The path, with a leading slash, in the spelling that requests are brought into.</summary>
    public string Path { get; }

    /// <summary>Reads a URL of http or https, without user, query and fragment.</summary>
    /// <param name="text">As written.</param>
    /// <param name="prefix">The prefix.</param>
    /// <param name="reason">What is wrong with it, as the end of a sentence.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out UrlPrefix? prefix, out string reason)
    {
        ArgumentNullException.ThrowIfNull(text);
        prefix = null;
        reason = "is not a URL of http or https, such as https://fhir.example.org/r4";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0) return false;
        reason = "may end in a path, but not in a query or fragment, and names no user";
        if (url.UserInfo.Length > 0 || text.AsSpan().IndexOfAny('?', '#') >= 0) return false;
        var path = url.AbsolutePath.TrimEnd('/');
        if (!RequestTarget.TryParse(path.Length == 0 ? "/" : path, out var target, out var unfit) || target.Oddities != PathOddities.None)
        {
            reason = $"has a path that no request can have{(string.IsNullOrEmpty(unfit) ? "" : ": " + unfit)}";
            return false;
        }

        reason = "has '{' or '}' in its path, which has no meaning here";
        if (target.Path.Contains('{', StringComparison.Ordinal) || target.Path.Contains("%7B", StringComparison.OrdinalIgnoreCase)) return false;
        var host = url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost;
        prefix = new UrlPrefix(text, url.Scheme, host.ToLowerInvariant(), WrittenPort(text, url), target.Path);
        return true;
    }

    /// <summary>Whether a request is for this URL or one below it.</summary>
    /// <param name="scheme">Its scheme.</param>
    /// <param name="authority">Its host, perhaps with a port.</param>
    /// <param name="path">Its canonical path.</param>
    public bool Has(string scheme, ReadOnlySpan<char> authority, ReadOnlySpan<char> path)
        => IsOrigin(scheme, authority) && _path.Match(path, "GET").Outcome == RouteOutcome.Found;

    /// <summary>Whether a request goes to the same server by the same scheme.</summary>
    /// <param name="scheme">Its scheme.</param>
    /// <param name="authority">Its host, perhaps with a port.</param>
    public bool IsOrigin(string scheme, ReadOnlySpan<char> authority)
    {
        if (scheme != Scheme || !TrySplit(authority, out var host, out var port)) return false;
        if (!host.Equals(Host, StringComparison.OrdinalIgnoreCase)) return false;
        return Port is not { } wanted || wanted == (port ?? (scheme == "https" ? 443 : 80));
    }

    /// <summary>Whether both stand for the same, however they are written.</summary>
    public bool IsSameAs(UrlPrefix other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Scheme == other.Scheme && Host == other.Host && Port == other.Port && Path == other.Path;
    }

    /// <summary>As it is written.</summary>
    public override string ToString() => Text;

    /// <summary><see cref="Uri.Port"/> does not tell a default port that is written from none.</summary>
    private static int? WrittenPort(string text, Uri url)
    {
        var authority = text.AsSpan(text.IndexOf("://", StringComparison.Ordinal) + 3);
        var end = authority.IndexOf('/');
        if (end >= 0) authority = authority[..end];
        return TrySplit(authority, out _, out var port) && port is not null ? url.Port : null;
    }

    private static bool TrySplit(ReadOnlySpan<char> authority, out ReadOnlySpan<char> host, out int? port)
    {
        port = null;
        var colon = authority.LastIndexOf(':');
        if (colon <= authority.LastIndexOf(']'))
        {
            host = authority;
            return host.Length > 0;
        }

        host = authority[..colon];
        if (colon == authority.Length - 1) return host.Length > 0; // RFC 3986 §3.2.3: an empty port is none
        if (host.Length == 0 || !ushort.TryParse(authority[(colon + 1)..], System.Globalization.NumberStyles.None, null, out var number)) return false;
        port = number;
        return true;
    }
}
