using System.Text;

namespace Harmony.Core.Routing;

/// <summary>What <see cref="RouteTable{T}.Match(ReadOnlySpan{char}, string)"/> found.</summary>
/// <typeparam name="T">Type of a route's value.</typeparam>
public readonly struct RouteMatch<T>
{
    private readonly IReadOnlyList<string>? _allowedMethods;

    internal RouteMatch(T value, int prefixLength)
    {
        Outcome = RouteOutcome.Found;
        Value = value;
        PrefixLength = prefixLength;
    }

    internal RouteMatch(IReadOnlyList<string> allowedMethods)
    {
        Outcome = RouteOutcome.MethodNotAllowed;
        Value = default!;
        _allowedMethods = allowedMethods;
    }

    /// <summary>How the search ended.</summary>
    public RouteOutcome Outcome { get; }

    /// <summary>The value of the route; <c>default</c> unless <see cref="RouteOutcome.Found"/>.</summary>
    public T Value { get; }

    /// <summary>
    /// Number of characters of the path that the route names; the rest is empty or starts with a slash. For a prefix: its length (0 for <c>/</c>); for a
    /// pattern: the characters before its catch-all, or the whole path.
    /// </summary>
    public int PrefixLength { get; }

    /// <summary>The methods for the <c>Allow</c> header, sorted; empty unless <see cref="RouteOutcome.MethodNotAllowed"/>.</summary>
    public IReadOnlyList<string> AllowedMethods => _allowedMethods ?? [];
}

/// <summary>How looking for a route ended.</summary>
public enum RouteOutcome
{
    /// <summary>No route has this path.</summary>
    NotFound,

    /// <summary>A route was found.</summary>
    Found,

    /// <summary>There are routes with this path, but not for this method.</summary>
    MethodNotAllowed,
}

/// <summary>Path parameters (RFC 3986 §3.3), <c>/admin;v=1/users</c>: part of the segment to some servers, cut off before the look-up by others.</summary>
public static class PathParameters
{
    private const string EncodedSemicolon = "%3B";

    /// <summary>Whether a canonical path holds any, written as such or encoded.</summary>
    public static bool AreIn(ReadOnlySpan<char> path) => path.Contains(';') || path.Contains(EncodedSemicolon, StringComparison.Ordinal);

    /// <summary>The path as a server reads it that cuts parameters off: <c>/admin;v=1//users;x</c> → <c>/admin/users</c>.</summary>
    /// <param name="path">A canonical path.</param>
    public static string Remove(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var result = new StringBuilder(path.Length);
        foreach (var range in path.AsSpan().Split('/'))
        {
            var segment = path.AsSpan(range);
            var kept = segment[..LengthBeforeParameters(segment)];
            // A segment of parameters alone leaves two slashes, which a backend may read as one.
            if (!kept.IsEmpty) result.Append('/').Append(kept);
        }

        if (path.EndsWith('/') || result.Length == 0) result.Append('/');
        return result.ToString();
    }

    private static int LengthBeforeParameters(ReadOnlySpan<char> segment)
    {
        var plain = segment.IndexOf(';');
        var encoded = segment.IndexOf(EncodedSemicolon, StringComparison.Ordinal);
        if (plain < 0) plain = segment.Length;
        return encoded < 0 ? plain : Math.Min(plain, encoded);
    }
}
