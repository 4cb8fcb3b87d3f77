namespace Harmony.Core.Routing;

/// <summary>What a request path holds that readers of paths disagree about. An endpoint refuses it unless its configuration allows the oddity.</summary>
[Flags]
public enum PathOddities
{
    /// <summary>Nothing unusual.</summary>
    None = 0,

    /// <summary><c>%2F</c>: text inside a segment to some servers, a separator to others.</summary>
    EncodedSlash = 1,

    /// <summary><c>%5C</c>, or a backslash sent as such: a separator to servers that run on Windows.</summary>
    EncodedBackslash = 2,

    /// <summary>A dot, separator, NUL or line break encoded twice, e.g. <c>%252e</c>: text, unless a server behind us decodes twice.</summary>
    DoubleEncoding = 4,
}
