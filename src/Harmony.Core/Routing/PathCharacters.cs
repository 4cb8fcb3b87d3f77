using System.Buffers;

namespace Harmony.Core.Routing;

/// <summary>The character classes of RFC 3986, ready for vectorised search.</summary>
internal static class PathCharacters
{
    private const string UnreservedText = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private const string SubDelimiters = "!$&'()*+,;=";

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

    /// <summary>What a query may hold: visible ASCII, but nothing that would end it early. Anything else is escaped (3.4) or differs from server to server.</summary>
    internal static readonly SearchValues<char> InQuery = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => c != '#')]);

    /// <summary>What a host and a port are written with (3.2.2, 3.2.3). No <c>@</c>: user names in a target are refused (RFC 9110 4.2.4).</summary>
    internal static readonly SearchValues<char> Authority = SearchValues.Create(UnreservedText + SubDelimiters + "%:[]");
}
