using System.Diagnostics.CodeAnalysis;

namespace Harmony.Core.Routing;

/// <summary>The target of a request, parsed once and before anything judges it.</summary>
public readonly struct RequestTarget
{
    private RequestTarget(RequestTargetForm form, string path, string? query, string? authority, PathOddities oddities)
    {
        Form = form;
        Path = path;
        Query = query ?? "";
        HasEmptyQuery = query is "";
        Authority = authority;
        Oddities = oddities;
    }

    /// <summary>How the target was written.</summary>
    public RequestTargetForm Form { get; }

    /// <summary>The canonical path (<see cref="CanonicalPath"/>), or <c>*</c> where the target has none: asterisk-form and authority-form.</summary>
    public string Path { get; }

    /// <summary>The query as sent, without <c>?</c>; empty if there is none.</summary>
    public string Query { get; }

    /// <summary>Whether the target ends in a question mark with nothing behind it, which is another URL than one without (RFC 3986 §6.2.3).</summary>
    public bool HasEmptyQuery { get; }

    /// <summary>Host and port as sent in absolute-form or authority-form; it takes precedence over the <c>Host</c> header (RFC 9112 3.2.2).</summary>
    public string? Authority { get; }

    /// <summary>What the path holds that an endpoint refuses unless its configuration allows it.</summary>
    public PathOddities Oddities { get; }

    /// <summary>Parses what stood between method and version in the request line, or in <c>:path</c>.</summary>
    /// <param name="rawTarget">The target as sent; its length is limited by the server.</param>
    /// <param name="target">The parsed target; <c>default</c> when false is answered.</param>
    /// <param name="reason">Why the target is refused with 400, for a log; quotes nothing from the request.</param>
    public static bool TryParse(string rawTarget, out RequestTarget target, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(rawTarget);
        if (rawTarget.StartsWith('/')) return TryParseResource(rawTarget, 0, null, out target, out reason);
        if (rawTarget is "*")
        {
            target = new RequestTarget(RequestTargetForm.Asterisk, "*", null, null, PathOddities.None);
            reason = null;
            return true;
        }
        return SchemeLength(rawTarget) is var scheme and > 0
            ? TryParseAbsolute(rawTarget, scheme, out target, out reason)
            : TryParseAuthority(rawTarget, out target, out reason);
    }

    private static int SchemeLength(string raw)
    {
        if (raw.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) return "http://".Length;
        return raw.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? "https://".Length : 0;
    }

    private static bool TryParseAbsolute(string raw, int start, out RequestTarget target, [NotNullWhen(false)] out string? reason)
    {
        var length = raw.AsSpan(start).IndexOfAny("/?#");
        if (length < 0) length = raw.Length - start;
        var authority = raw.Substring(start, length);
        target = default;
        reason = "malformed host in the request target";
        return authority.Length > 0 && !authority.AsSpan().ContainsAnyExcept(PathCharacters.Authority)
            && TryParseResource(raw, start + length, authority, out target, out reason);
    }

    private static bool TryParseAuthority(string raw, out RequestTarget target, [NotNullWhen(false)] out string? reason)
    {
        target = default;
        reason = "request target is neither a path nor a URL of http or https";
        var colon = raw.LastIndexOf(':');
        if (colon < 1 || colon == raw.Length - 1 || raw.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9')) return false;
        if (raw.AsSpan(0, colon).ContainsAnyExcept(PathCharacters.Authority)) return false;

        target = new RequestTarget(RequestTargetForm.Authority, "*", null, raw, PathOddities.None);
        reason = null;
        return true;
    }

    private static bool TryParseResource(string raw, int start, string? authority, out RequestTarget target, [NotNullWhen(false)] out string? reason)
    {
        target = default;
        var mark = raw.IndexOf('?', start);
        var end = mark < 0 ? raw.Length : mark;
        if (!TryParseQuery(raw, end, out var query, out reason)) return false;

        var path = "/";
        var oddities = PathOddities.None;
        // Only a URL may leave the path out: "http://host?q" (RFC 3986 6.2.3).
        if ((end > start || authority is null) && !CanonicalPath.TryCreate(raw, start, end - start, out path, out oddities, out reason)) return false;

        target = new RequestTarget(authority is null ? RequestTargetForm.Origin : RequestTargetForm.Absolute, path, query, authority, oddities);
        reason = null;
        return true;
    }

    /// <param name="raw">The whole target.</param>
    /// <param name="mark">Where the question mark is; the length of the target when there is none.</param>
    /// <param name="query">What follows the question mark; null when there is none.</param>
    /// <param name="reason">Why the query is refused.</param>
    private static bool TryParseQuery(string raw, int mark, out string? query, [NotNullWhen(false)] out string? reason)
    {
        query = null;
        reason = null;
        if (mark == raw.Length) return true;

        var sent = raw.AsSpan(mark + 1);
        if (sent.ContainsAnyExcept(PathCharacters.InQuery)) reason = "control character, blank, fragment or octet above 0x7E in the query";
        else query = sent.ToString();
        return reason is null;
    }
}

/// <summary>The four ways in which a request line names its target (RFC 9112 3.2).</summary>
public enum RequestTargetForm
{
    /// <summary><c>/path?query</c>, what clients send to servers.</summary>
    Origin,

    /// <summary><c>http://host/path?query</c>, what clients send to proxies.</summary>
    Absolute,

    /// <summary><c>host:port</c>, the target of CONNECT.</summary>
    Authority,

    /// <summary><c>*</c>, the server as a whole, for OPTIONS.</summary>
    Asterisk,
}
