using System.Text;
using Harmony.Core.Routing;

namespace Harmony.Data.Middleware.Transform;

/// <summary>
/// Checks where a spec sends a request. Parts of it may come from a body or a query, so nothing that climbs out of the path that the spec
/// wrote, or breaks out of the request line, gets through.
/// </summary>
internal static class TargetUri
{
    /// <summary>Splits a URI into its path, with a slash in front, and its query; the query is null where there is no question mark.</summary>
    /// <exception cref="TransformException">It is no path, or climbs.</exception>
    public static (string Path, string? Query) Parse(string uri)
    {
        var mark = uri.IndexOf('?');
        var path = mark < 0 ? uri : uri[..mark];
        if (path.Contains("://", StringComparison.Ordinal)) throw new TransformException("'uri' of target_details is a path; another server goes into 'base_url'");
        if (path.Split('/').Any(IsDots)) throw new TransformException("'uri' of target_details has a segment of dots");
        if (!CanonicalPath.TryCreate("/" + path.TrimStart('/'), out var canonical, out var oddities, out var reason)) throw new TransformException($"'uri' of target_details: {reason}");
        if (oddities != PathOddities.None) throw new TransformException($"'uri' of target_details has what servers read differently: {oddities}");
        return (canonical, mark < 0 ? null : Escaped(uri.AsSpan(mark + 1)));
    }

    /// <summary>Checks a base URL.</summary>
    /// <exception cref="TransformException">It is none that a request can go to.</exception>
    public static string ParseBase(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
            throw new TransformException("'base_url' of target_details is not a URL of http or https");
        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0 || text.Contains('?'))
            throw new TransformException("'base_url' of target_details holds more than scheme, host, port and path");
        return url.AbsoluteUri.TrimEnd('/');
    }

    /// <summary>A query of names and values.</summary>
    public static string QueryOf(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> parameters)
    {
        var query = new StringBuilder();
        foreach (var (name, values) in parameters)
        {
            foreach (var value in values)
            {
                if (query.Length > 0) query.Append('&');
                query.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        return query.ToString();
    }

    /// <summary><c>..;x</c> is two dots to some servers.</summary>
    private static bool IsDots(string segment)
    {
        var text = Uri.UnescapeDataString(segment);
        return text.Split(';')[0] is "." or "..";
    }

    private static string Escaped(ReadOnlySpan<char> query)
    {
        var escaped = new StringBuilder(query.Length);
        foreach (var rune in query.EnumerateRunes())
        {
            if (rune.Value is > ' ' and < '\x7f' and not '#') escaped.Append((char)rune.Value);
            else escaped.Append(Uri.EscapeDataString(rune.ToString()));
        }

        return escaped.ToString();
    }
}
