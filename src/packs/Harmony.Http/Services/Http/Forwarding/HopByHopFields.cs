using System.Collections.Frozen;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>Fields that concern one connection only and are never passed on (RFC 9110 §7.6.1).</summary>
internal static class HopByHopFields
{
    private static readonly FrozenSet<string> Always = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Authentication-Info",
        "TE", "Transfer-Encoding", "Upgrade", "HTTP2-Settings");

    private static readonly FrozenSet<string> NeverNamed = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "Host", "Content-Length");

    public static bool Contains(string name) => Always.Contains(name);

    /// <summary>The names that a <c>Connection</c> field makes hop-by-hop besides; null in the usual case that there are none.</summary>
    public static HashSet<string>? NamedBy(string? connection)
    {
        if (connection is null || IsOrdinary(connection)) return null;
        HashSet<string>? named = null;
        foreach (var range in connection.AsSpan().Split(','))
        {
            var token = connection.AsSpan(range).Trim();
            if (token.IsEmpty || IsOrdinary(token)) continue;
            var name = token.ToString();
            if (!NeverNamed.Contains(name)) (named ??= new HashSet<string>(StringComparer.OrdinalIgnoreCase)).Add(name);
        }

        return named;
    }

    /// <summary>Whether a list has one of the words that are no fields: <c>close</c>, <c>keep-alive</c>, <c>upgrade</c>.</summary>
    public static bool HoldsOption(string connection)
    {
        foreach (var range in connection.AsSpan().Split(','))
        {
            if (IsOrdinary(connection.AsSpan(range).Trim())) return true;
        }

        return false;
    }

    /// <summary>Whether a <c>TE</c> field says that trailers are welcome.</summary>
    public static bool AcceptsTrailers(string? te)
    {
        if (te is null) return false;
        foreach (var range in te.AsSpan().Split(','))
        {
            if (te.AsSpan(range).Trim().Equals("trailers", StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private static bool IsOrdinary(ReadOnlySpan<char> token)
        => token.Equals("keep-alive", StringComparison.OrdinalIgnoreCase)
        || token.Equals("close", StringComparison.OrdinalIgnoreCase)
        || token.Equals("upgrade", StringComparison.OrdinalIgnoreCase);
}
