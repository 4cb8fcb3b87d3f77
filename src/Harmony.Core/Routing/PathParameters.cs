using System.Text;

namespace Harmony.Core.Routing;

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
            // A segment of parameters alone leaves two slashes, which are one to whoever gets that far.
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
