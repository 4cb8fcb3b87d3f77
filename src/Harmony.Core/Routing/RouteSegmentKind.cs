namespace Harmony.Core.Routing;

/// <summary>What one segment of a <see cref="RoutePattern"/> accepts, most specific first.</summary>
internal enum RouteSegmentKind
{
    /// <summary>The very text.</summary>
    Literal,

    /// <summary><c>{name}</c>, perhaps with text around it: at least one character of one segment.</summary>
    Parameter,

    /// <summary><c>{*name}</c> or <c>/*</c>: at least one character, over any number of segments.</summary>
    CatchAll,

    /// <summary><c>text*</c>: anything that continues the text, over any number of segments, or nothing.</summary>
    Wildcard,
}
