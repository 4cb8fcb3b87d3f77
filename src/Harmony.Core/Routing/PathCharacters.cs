using System.Buffers;

namespace Harmony.Core.Routing;

/// <summary>The character classes of RFC 3986, ready for vectorised search.</summary>
internal static class PathCharacters
{
    private const string UnreservedText = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private const string SubDelimiters = "!$&'()*+,;=";
    private const string Controls =
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000A\u000B\u000C\u000D\u000E\u000F" +
        "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\u007F";

    /// <summary>Characters whose percent-encoding means the same as the character (2.3).</summary>
    internal static readonly SearchValues<char> Unreserved = SearchValues.Create(UnreservedText);

    /// <summary>Characters that stand in a canonical path as they are (3.3); everything else is an escape or has to become one.</summary>
    internal static readonly SearchValues<char> Plain = SearchValues.Create(UnreservedText + SubDelimiters + ":@/");

    /// <summary>Reserved characters without a role in our paths: encoded or not, a server reads the same text.</summary>
    internal static readonly SearchValues<char> RoleLess = SearchValues.Create(SubDelimiters + ":@");

    /// <summary>Without these a plain path has neither dot segments nor repeated slashes.</summary>
    internal static readonly SearchValues<string> SegmentsToInspect = SearchValues.Create(["//", "/."], StringComparison.Ordinal);

    /// <summary>What some server behind us may take for a separator.</summary>
    internal static readonly SearchValues<string> EncodedSeparators = SearchValues.Create(["%2F", "%5C"], StringComparison.Ordinal);

    /// <summary>What would end the request line, or the query, early.</summary>
    internal static readonly SearchValues<char> NeverInQuery = SearchValues.Create(Controls + " #");

    /// <summary>What a host and a port are written with (3.2.2, 3.2.3). No <c>@</c>: user names in a target are refused (RFC 9110 4.2.4).</summary>
    internal static readonly SearchValues<char> Authority = SearchValues.Create(UnreservedText + SubDelimiters + "%:[]");
}
